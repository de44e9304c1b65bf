"""From sign-up to live: the steps, the questionnaire, and the proof that a missed call is texted back."""
