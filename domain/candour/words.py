"""The closed lists of candour: how a person is reached, what came of trying to, and who they are to the patient."""

from enum import StrEnum


class Channel(StrEnum):
    """How a relevant person is spoken to, written to or tried for."""

    IN_PERSON = "in_person"
    """Face to face, which regulation 20(3)(a) asks for."""
    TELEPHONE = "telephone"
    VIDEO = "video"
    EMAIL = "email"
    LETTER = "letter"
    TEXT_MESSAGE = "text_message"
    SECURE_MESSAGE = "secure_message"
    PORTAL = "portal"
    OTHER = "other"


class ContactOutcome(StrEnum):
    """What came of an attempt that did not reach the person."""

    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    NO_REPLY = "no_reply"
    NOT_AVAILABLE = "not_available"
    APPOINTMENT_MISSED = "appointment_missed"
    DETAILS_WRONG = "details_wrong"
    RETURNED_UNDELIVERED = "returned_undelivered"
    CANNOT_BE_CONTACTED = "cannot_be_contacted"
    """After this attempt nobody expects to reach the person (20(5))."""
    OTHER = "other"


class Relationship(StrEnum):
    """Who a relevant person is to the patient: the patient, family, or somebody lawfully acting for them (20(7))."""

    PATIENT = "patient"
    SPOUSE = "spouse"
    PARTNER = "partner"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    OTHER_RELATIVE = "other_relative"
    NEXT_OF_KIN = "next_of_kin"
    FRIEND = "friend"
    CARER = "carer"
    GUARDIAN = "guardian"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"
    PERSONAL_REPRESENTATIVE = "personal_representative"
    ADVOCATE = "advocate"
    OTHER = "other"
