using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>submit_sm as the centre holds it, and what it says to those it will not have (SMPP 3.4 §4.4).</summary>
internal static class EsmeOriginated
{
    private const byte MaxPriority = 3;
    private const byte MaxPlan = 0x0F;
    private const byte CarriedBits = 0xC0;

    /// <summary>ESME_RINVDCS, which SMPP 5.0 gave a number.</summary>
    private const CommandStatus InvalidDataCoding = (CommandStatus)0x104;

    /// <returns><see cref="CommandStatus.Ok"/> where it is taken up to here.</returns>
    public static CommandStatus Check(
        SubmitSm submit, EsmeAccount account, NumberPlan plan, ValidityPolicy validity, DateTimeOffset now,
        out HeldMessage? draft)
    {
        draft = null;
        var status = CheckFields(submit);
        if (status != CommandStatus.Ok) return status;
        if (SourceOf(submit, account, plan) is not { } source) return CommandStatus.InvalidSourceAddress;
        if (plan.OwnerOf(submit.Destination.Digits) is not { } to) return CommandStatus.InvalidDestinationAddress;

        var asked = submit.ValidityPeriod.Resolve(now);
        if (asked <= now) return CommandStatus.InvalidExpiry;

        status = Content(submit, out var data, out var coding);
        if (status != CommandStatus.Ok) return status;

        draft = new HeldMessage
        {
            Id = 0,
            From = Party.Esme(account.SystemId),
            To = to,
            Source = source,
            Destination = submit.Destination,
            EsmClass = new EsmClass((byte)((submit.EsmClass.Value & CarriedBits)
                | (data!.Header.IsEmpty ? 0 : EsmClass.WithHeader.Value))),
            Protocol = new ProtocolIdentifier(submit.ProtocolId),
            Coding = coding,
            Octets = data.ToOctets(),
            Registered = submit.RegisteredDelivery,
            Submitted = now,
            Expires = validity.Until(now, asked),
        };
        return CommandStatus.Ok;
    }

    /// <summary>What this centre does not do is refused by name.</summary>
    private static CommandStatus CheckFields(SubmitSm submit) => submit switch
    {
        { EsmClass.Type: not MessageType.Default } => CommandStatus.InvalidEsmClass,
        { Priority: > MaxPriority } => CommandStatus.InvalidPriority,
        { ScheduleDeliveryTime.IsNone: false } => CommandStatus.InvalidSchedule,
        { ReplaceIfPresent: not 0 } => CommandStatus.InvalidReplaceIfPresent,
        { DefaultMessageId: not 0 } => CommandStatus.InvalidDefaultMessage,
        { Source.Ton: > Ton.Abbreviated } => CommandStatus.InvalidSourceTon,
        { Source.Npi: > (Npi)MaxPlan } => CommandStatus.InvalidSourceNpi,
        _ => CommandStatus.Ok,
    };

    private static SmppAddress? SourceOf(SubmitSm submit, EsmeAccount account, NumberPlan plan)
    {
        if (submit.Source.Digits.Length == 0)
            return plan.FirstOf(account.SystemId) is { } first ? new SmppAddress(Ton.Unknown, Npi.Isdn, first) : null;

        var source = submit.Source with { Digits = submit.Source.Digits.TrimStart('+') };
        var owned = account.AnySource || plan.OwnerOf(source.Digits) == Party.Esme(account.SystemId);
        return owned && MobileTerminated.Fits(source) ? source : null;
    }

    private static CommandStatus Content(SubmitSm submit, out UserData? data, out DataCodingScheme coding)
    {
        (data, coding) = (null, default);
        UserData split;
        try
        {
            split = UserData.OfOctets(submit.Content.Span, submit.EsmClass.Udhi);
        }
        catch (WireFormatException)
        {
            return CommandStatus.InvalidEsmClass;
        }

        if (Codings.ToPhone(submit.DataCoding, split.Content) is not { } recoded) return InvalidDataCoding;

        coding = recoded.Coding;
        data = new UserData(WithPart(split.Header, submit.Parameters), recoded.Content);
        return Fits(data, coding) ? CommandStatus.Ok : CommandStatus.InvalidMessageLength;
    }

    /// <summary>The sar parameters become a concatenation element.</summary>
    private static UserDataHeader WithPart(UserDataHeader header, OptionalParameters parameters)
    {
        if (parameters.FindUInt16(OptionalTag.SarMsgRefNum) is not { } reference
            || parameters.FindByte(OptionalTag.SarTotalSegments) is not { } total
            || parameters.FindByte(OptionalTag.SarSegmentSeqnum) is not { } number)
            return header;

        var part = new Concatenation(reference, total, number, IsWide: true).ToElement();
        return new UserDataHeader(header.Elements.Append(part).ToSequence());
    }

    private static bool Fits(UserData data, DataCodingScheme coding) => coding.Alphabet == Alphabet.Gsm7
        ? Septets.SeptetsOver(data.Header.Length) + data.Content.Length <= UserData.MaxSeptets
        : data.Header.Length + data.Content.Length <= UserData.MaxOctets;
}
