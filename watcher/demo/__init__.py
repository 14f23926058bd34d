"""An offline tour: invented ministries served on loopback and watched by the real daemon."""
