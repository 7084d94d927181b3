using System.Globalization;
using Tessera.Cards.Pins;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What the terminal asks in its own wording, as proactive commands that any terminal can perform.</summary>
internal sealed class TerminalPrompts(TerminalRules rules)
{
    private const int MaxAmountDigits = 10;

    private readonly TerminalWording _wording = rules.Wording;

    /// <summary>
    /// A PIN, new PIN or PUK; with a payment its amount stands first and its item below, a reason stands first.
    /// </summary>
    public Perform Hidden(
        PromptKind kind, Between digits, Payment? payment, string? reason, bool forSignature, PinPlace? place,
        int? triesLeft = null)
    {
        var text = kind switch
        {
            PromptKind.NewPin => _wording.NewPin,
            PromptKind.RepeatNewPin => _wording.RepeatNewPin,
            PromptKind.Puk => _wording.Puk,
            _ when payment is not null => Paying(_wording.PinForPayment, payment),
            _ when reason is not null => $"{OneLine.Of(reason)}\n{_wording.PinForIdentification}",
            _ when triesLeft is { } tries =>
                $"{Filled(_wording.WrongPin, tries.ToString(CultureInfo.InvariantCulture))}\n{_wording.PinForSignature}",
            _ => forSignature ? _wording.PinForSignature : _wording.Pin,
        };
        return new Perform(
            ProactiveCommand.GetInput(text, (byte)digits.Least, (byte)digits.Most, InputQualifier.HiddenOrYesNo),
            new Prompt(kind, digits.Least, digits.Most)
            {
                Payment = payment,
                Reason = reason,
                IsForSignature = forSignature,
                TriesLeft = triesLeft,
                Place = place,
            });
    }

    /// <summary>A finger, with the same above it as a PIN.</summary>
    public Perform Finger(Payment? payment, string? reason, bool forSignature)
    {
        var text = payment is not null ? Paying(_wording.FingerForPayment, payment)
            : reason is not null ? $"{OneLine.Of(reason)}\n{_wording.FingerForIdentification}"
            : forSignature ? _wording.FingerForSignature
            : _wording.Finger;
        return new Perform(
            ProactiveCommand.DisplayText(text, DisplayQualifier.WaitForUser | DisplayQualifier.HighPriority),
            new Prompt(PromptKind.Finger) { Payment = payment, Reason = reason, IsForSignature = forSignature });
    }

    /// <summary>A PIN or finger for the verifier, whose name the holder reads before, below the reason.</summary>
    public Perform Sealed(VerificationStatement statement, string reason)
    {
        var isPin = statement.Source == InputSource.Pin;
        var words = Filled(isPin ? _wording.PinForVerifier : _wording.FingerForVerifier, rules.Verifier!.Name);
        var text = $"{OneLine.Of(reason)}\n{words}";
        var prompt = new Prompt(isPin ? PromptKind.Pin : PromptKind.Finger, PinBlock.MinPinDigits, PinBlock.Length)
        {
            Reason = reason, Statement = statement,
        };
        return new Perform(
            isPin
                ? ProactiveCommand.GetInput(
                    text, PinBlock.MinPinDigits, PinBlock.Length, InputQualifier.HiddenOrYesNo)
                : ProactiveCommand.DisplayText(text, DisplayQualifier.WaitForUser | DisplayQualifier.HighPriority),
            prompt);
    }

    /// <summary>An amount in minor units, behind the notice.</summary>
    public Perform Amount(InputStep input, ushort? currency, uint max)
    {
        var (least, most) = (Math.Max(1, (int)input.Least), input.Most == 0 ? MaxAmountDigits : input.Most);
        return new Perform(
            ProactiveCommand.GetInput(
                Noticed(Filled(_wording.Amount, Currencies.ShowUnit(currency))), (byte)least, (byte)most),
            new Prompt(PromptKind.Amount, least, most) { Currency = currency, MaxAmount = max });
    }

    /// <summary>Text for a command, behind the notice.</summary>
    public Perform Text(InputStep input)
    {
        var most = input.Most == 0 ? Math.Min(input.Size, byte.MaxValue) : input.Most;
        return new Perform(
            ProactiveCommand.GetInput(Noticed(_wording.Text), input.Least, (byte)most, InputQualifier.Letters),
            new Prompt(PromptKind.Text, input.Least, most));
    }

    /// <summary>Yes or no to a payment.</summary>
    public Perform Confirm(Payment payment) =>
        YesNo(Paying(_wording.Payment, payment), new Prompt(PromptKind.Payment) { Payment = payment });

    /// <summary>
    /// Yes or no to a command that costs or reveals something; null where it cannot be said what it would do.
    /// </summary>
    public Perform? Permission(ProactiveCommand command) => Purpose(command) is { } purpose
        ? YesNo(purpose, new Prompt(PromptKind.Permission) { Text = purpose })
        : null;

    /// <summary>The application's own input behind the notice, in one where that fits.</summary>
    public IEnumerable<Perform> Input(ProactiveCommand command)
    {
        var prompt = new Prompt(PromptKind.Input) { Text = command.Text };
        var noticed = command with
        {
            Objects = command.Objects
                .Select(found => found.Name == ObjectTag.TextString
                    ? found with { Value = TextString.Encode(Noticed(command.Text ?? "")) }
                    : found)
                .ToSequence(),
        };
        if (command.Text is not null && Fits(noticed)) return [new Perform(noticed, prompt)];

        var notice = ProactiveCommand.DisplayText(_wording.Notice);
        return [new Perform(notice, new Prompt(PromptKind.Notice)), new Perform(command, prompt)];
    }

    public bool Fits(ProactiveCommand command) => Bytes.Of(command).Length <= rules.MaxCommand;

    private Perform YesNo(string text, Prompt prompt) => new(
        rules.Profile.AsksYesNo
            ? ProactiveCommand.GetInkey(text, InputQualifier.HiddenOrYesNo)
            : ProactiveCommand.DisplayText(text, DisplayQualifier.WaitForUser | DisplayQualifier.HighPriority),
        prompt);

    private string? Purpose(ProactiveCommand command)
    {
        var (wording, what) = command.Type switch
        {
            CommandType.SetUpCall => (_wording.Call, CommandPurpose.CalledNumber(command)),
            CommandType.SendShortMessage => (_wording.Message, CommandPurpose.MessageRecipient(command)),
            CommandType.SendSs => (_wording.Request, CommandPurpose.SsRequest(command)),
            CommandType.SendUssd => (_wording.Request, CommandPurpose.UssdRequest(command)),
            CommandType.LaunchBrowser => (_wording.Browse, CommandPurpose.Url(command)),
            _ => ("", null),
        };
        return string.IsNullOrEmpty(what) ? null : Filled(wording, OneLine.Of(what));
    }

    private static string Paying(string wording, Payment payment) =>
        $"{Filled(wording, Currencies.Show(payment.Amount, payment.Currency))}\n{OneLine.Of(payment.Item)}";

    private string Noticed(string text) => $"{_wording.Notice}\n{text}";

    private static string Filled(string wording, string what) =>
        string.Format(CultureInfo.InvariantCulture, wording, what);
}
