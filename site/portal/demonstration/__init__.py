"""The demonstration: an invented network of hotlines, with people, words, figures and years behind it.

Every hotline here has a code of XA to XZ or QM to QZ, every person an address that cannot receive mail, and every
sign-in works on this machine only (portal.accounts.adapters).
"""
