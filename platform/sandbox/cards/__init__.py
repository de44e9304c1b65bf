"""A card desk in a box: customers, subscriptions, invoices and hosted pages by Stripe's protocol."""
