using System.Runtime.InteropServices;
using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>Who hands messages to the centre and takes them.</summary>
public enum PartyKind : byte
{
    /// <summary>A phone, by its MSISDN without the plus.</summary>
    Phone,

    /// <summary>An external short message entity, by its system_id.</summary>
    Esme,
}

/// <summary>One that messages come from or go to, whatever address it uses.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Party(PartyKind Kind, string Name)
{
    public static Party Of(Msisdn phone) => new(PartyKind.Phone, phone.Digits);

    public static Party Esme(string systemId) => new(PartyKind.Esme, systemId);

    /// <exception cref="FormatException">It is not what <see cref="ToString"/> gives.</exception>
    public static Party Parse(string text) => text switch
    {
        ['+', .. var digits] => new Party(PartyKind.Phone, digits),
        ['e', 's', 'm', 'e', ':', .. var systemId] => Esme(systemId),
        _ => throw new FormatException("A party is +digits or esme:system_id."),
    };

    public override string ToString() => Kind == PartyKind.Phone ? $"+{Name}" : $"esme:{Name}";
}

/// <summary>A message the centre has taken and has not done with.</summary>
public sealed record HeldMessage
{
    /// <summary>Counts up through the life of the centre; never used again.</summary>
    public required long Id { get; init; }

    public required Party From { get; init; }

    public required Party To { get; init; }

    public required SmppAddress Source { get; init; }

    public required SmppAddress Destination { get; init; }

    /// <summary>Header, reply path and type; the mode was between its sender and the centre.</summary>
    public required EsmClass EsmClass { get; init; }

    public required ProtocolIdentifier Protocol { get; init; }

    public required DataCodingScheme Coding { get; init; }

    /// <summary>User data header if there is one, then text one septet an octet, or octets.</summary>
    public required Bytes Octets { get; init; }

    public RegisteredDelivery Registered { get; init; }

    /// <summary>TP-MR of a message that a phone sent, or of the one a report to a phone is about.</summary>
    public byte? Reference { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>The message whose end this receipt tells; null where it is no receipt.</summary>
    public MessageEnd? Tells { get; init; }

    /// <summary>Ids only: a message is its holder's.</summary>
    public override string ToString() => $"message {Id} from {From} to {To}";
}
