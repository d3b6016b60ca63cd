"""The texts that Missing Children Europe may edit: declared in code with a default, edited in the CMS, read everywhere."""
