"""The texts that Missing Children Europe may edit. They are declared in code with a default, and edited in the CMS."""
