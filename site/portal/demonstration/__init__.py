"""The demonstration: an invented network of hotlines, with people, texts, figures and several years of history.

Every hotline has a code of XA to XZ or QM to QZ, every person an address that cannot receive mail, and every sign-in
works on the local machine only (portal.accounts.adapters).
"""
