"""The texts of the site's pages and letters that Missing Children Europe may edit, declared with their defaults."""
