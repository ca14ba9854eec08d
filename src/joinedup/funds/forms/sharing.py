"""Forms of risk share: trying a rule or a forecast, setting a rule, signing a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from joinedup.funds import sharing_terms
from joinedup.funds.forecasting import METHODS as FORECASTS
from joinedup.funds.pounds import any_amount
from joinedup.funds.settling import SETTLEMENTS
from joinedup.funds.sharing_terms import MOST_TIERS, STEPS, alone, step_terms, written

AS_AGREED = "as_agreed"
KEPT = "kept"


def _from_nought(text: str) -> int:
    pence = any_amount(text)
    if pence < 0:
        raise ValueError("Enter an amount from £0 upwards.")
    return pence


class TermsForm(Form):
    """The method and its figures, for the partners and schemes of one fund in their order (code and name)."""

    def __init__(
        self, *args: Any, partners: Sequence[tuple[str, str]], schemes: Sequence[tuple[str, str]],
        leads: Mapping[str, str], as_agreed: str = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.partners, self.schemes, self.as_agreed = partners, schemes, as_agreed
        revealed = {
            "fixed": self._weights("share", "Share of"),
            "responsible": self._leads(leads),
            "commissioned": [
                name
                for place, (_, scheme) in enumerate(schemes)
                for name in self._weights(f"part_{place}", f"{scheme}: share of")
            ],
            "capped": self._caps(),
            "tiered": self._tiers(),
        }
        methods = [
            Option(code, words, sharing_terms.METHOD_HINTS[code]) for code, words in sharing_terms.METHODS.items()
        ]
        if as_agreed:
            methods.insert(0, Option(AS_AGREED, "As agreed", "The rule in force"))
        self.fields["method"] = RadiosField(
            label="Who bears what is over?", choices=methods, conditional=revealed, small=True,
            error="Select who bears what is over",
        )  # fmt: skip

    def _weights(self, name: str, label: str) -> list[str]:
        for place, (_, partner) in enumerate(self.partners):
            self.fields[f"{name}_{place}"] = TextField(
                label=f"{label} {partner}", width=5, inputmode="decimal", validator=sharing_terms.weight,
                error=f"Enter the share of {partner}",
            )  # fmt: skip
        return [f"{name}_{place}" for place in range(len(self.partners))]

    def _leads(self, leads: Mapping[str, str]) -> list[str]:
        for place, (code, scheme) in enumerate(self.schemes):
            self.fields[f"lead_{place}"] = SelectField(
                label=f"{scheme} is borne by", choices=list(self.partners), initial=leads.get(code, "")
            )
        return [f"lead_{place}" for place in range(len(self.schemes))]

    def _caps(self) -> list[str]:
        for place, (_, partner) in enumerate(self.partners):
            self.fields[f"cap_{place}"] = TextField(
                label=f"{partner} bears at most", hint="Leave empty where there is no cap", prefix="£", width=10,
                inputmode="decimal", required=False, validator=_from_nought, empty_value=None,
            )  # fmt: skip
        return [f"cap_{place}" for place in range(len(self.partners))]

    def _tiers(self) -> list[str]:
        choices = [*STEPS.items(), *[(alone(code), f"{name} alone") for code, name in self.partners]]
        names = []
        for place in range(MOST_TIERS):
            self.fields[f"tier_{place}"] = SelectField(
                label=f"Step {place + 1}",
                choices=choices,
                required=place == 0,
                error="Choose how the first step is borne",
            )
            self.fields[f"width_{place}"] = TextField(
                label=f"Step {place + 1} goes up to", hint="Leave empty for all that is left", prefix="£", width=10,
                inputmode="decimal", required=False, validator=_from_nought, empty_value=None,
            )  # fmt: skip
            names += [f"tier_{place}", f"width_{place}"]
        return names

    def terms(self) -> str:
        """The terms as JSON text, from answers that are complete; those in force where they are asked for."""
        if self.cleaned_data.get("method") == AS_AGREED:
            return self.as_agreed
        return written(self._terms(str(self.cleaned_data["method"])))

    def _terms(self, method: str) -> dict[str, Any]:
        clean = self.cleaned_data
        codes = [code for code, _ in self.partners]
        if method == "fixed":
            return {"name": method, "shares": {code: clean[f"share_{n}"] for n, code in enumerate(codes)}}
        if method == "responsible":
            return {"name": method, "lead": self._led()}
        if method == "commissioned":
            shares = {
                scheme: {code: clean[f"part_{place}_{n}"] for n, code in enumerate(codes)}
                for place, (scheme, _) in enumerate(self.schemes)
            }
            return {"name": method, "shares": shares}
        if method == "capped":
            caps = {code: clean[f"cap_{n}"] for n, code in enumerate(codes) if clean[f"cap_{n}"] is not None}
            return {"name": method, "caps": caps}
        if method == "tiered":
            return {"name": method, "tiers": [self._tier(n, codes) for n in range(MOST_TIERS) if clean[f"tier_{n}"]]}
        return {"name": "proportional"}

    def _tier(self, place: int, codes: list[str]) -> dict[str, Any]:
        leads = {code: self.fields[f"lead_{n}"].initial for n, (code, _) in enumerate(self.schemes)}
        how = step_terms(self.cleaned_data[f"tier_{place}"], codes, leads)
        return {"width": self.cleaned_data[f"width_{place}"], "method": how}

    def _led(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"lead_{place}"] for place, (code, _) in enumerate(self.schemes)}


class TryForm(TermsForm):
    """What if the rule were another, or the forecast. It is sent by GET: nothing in it is about a person."""

    def __init__(self, *args: Any, has_kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method = self.fields.pop("method")
        choices = [(each.value, words) for each, words in FORECASTS.items()]
        if has_kept:
            choices.insert(0, (KEPT, "As it was kept: each line by its own method"))
        self.fields["forecast"] = SelectField(label="Forecast", choices=choices, initial=choices[0][0])
        self.fields["method"] = method
        for place, (_, scheme) in enumerate(self.schemes):
            self.fields[f"change_{place}"] = TextField(
                label=f"{scheme}: more or less than forecast", prefix="£", width=10, inputmode="decimal", required=False,
                validator=any_amount, empty_value=None,
            )  # fmt: skip

    def changes(self) -> dict[str, int]:
        """Pence added to the forecast of a scheme."""
        said = {code: self.cleaned_data.get(f"change_{place}") for place, (code, _) in enumerate(self.schemes)}
        return {code: pence for code, pence in said.items() if pence}


class RuleForm(TermsForm):
    """Setting the rule, with the agreement's own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"] = TextareaField(
            label="The agreement’s own words", hint="The clause on over- and underspends, as it is written", max_length=4000,
            error="Give the agreement’s own words on who bears what",
        )  # fmt: skip
        self.fields["settlement"] = RadiosField(
            label="When do partners settle?", choices=list(SETTLEMENTS.items()), small=True,
            error="Select when partners settle",
        )  # fmt: skip
        self.fields["starts_on"] = DateField(label="From which day?", hint="For example, 1 4 2026")


class SignForm(Form):
    """Agreeing or disputing a statement."""

    decision = RadiosField(
        label="Do you agree these balances?",
        choices=[("agreed", "Yes, they are agreed"), ("disputed", "No, some of them are disputed")],
        conditional={"disputed": ("disputed", "words")},
        error="Select whether you agree these balances",
    )

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disputed"] = CheckboxesField(
            label="Which lines do you dispute?", choices=list(lines), error="Select the lines you dispute", small=True
        )
        self.fields["words"] = TextareaField(label="Why?", max_length=2000, error="Say why you dispute them")


class DecideForm(Form):
    """The board's decision on what nobody had to bear."""

    def __init__(self, *args: Any, partners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = partners
        for place, (_, name) in enumerate(partners):
            self.fields[f"borne_{place}"] = TextField(
                label=f"{name} bears", prefix="£", width=10, inputmode="decimal", required=False, validator=any_amount,
                empty_value=None,
            )  # fmt: skip
        self.fields["decision"] = TextField(
            label="Whose decision was it, and when?", hint="The board of 3 May 2027, minute 7", max_length=300,
            error="Name the decision: whose it was, its date and its minute",
        )  # fmt: skip

    def borne(self) -> dict[str, int]:
        """Pence by the partner's key."""
        said = {key: self.cleaned_data[f"borne_{place}"] for place, (key, _) in enumerate(self.partners)}
        return {key: pence for key, pence in said.items() if pence}
