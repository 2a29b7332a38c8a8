"""Who a student is compared with and measured against: enrolment, photos, calibration, sealed numbers."""
