"""From frozen counts to what is published: tables, protection, figures made of what is printed, a record."""
