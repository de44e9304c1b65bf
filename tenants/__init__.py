"""Businesses, their people and agencies, and the table that routes a number to its tenant."""
