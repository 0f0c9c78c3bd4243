"""What is published: the contract over HTTP, the schemas of events, and the catalogue of every fact."""

from service.document.contract import described_app, openapi, openapi_text, write_contract

__all__ = ["described_app", "openapi", "openapi_text", "write_contract"]
