"""How the files that browsers are sent were made from those of others: Bootstrap's rules and the fonts, without Node."""
