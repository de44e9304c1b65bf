"""A carrier in a box: speaks Twilio's public protocol both ways, on one port, with phones in the browser."""
