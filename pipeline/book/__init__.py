"""schemas/ in, a Book out: forms, registers, rules, code lists and wording as checked values."""

from pipeline.book.spec import KINDS, Book, CodeList, Field, Form, Register, Resource, Rule

__all__ = ["KINDS", "Book", "CodeList", "Field", "Form", "Register", "Resource", "Rule"]
