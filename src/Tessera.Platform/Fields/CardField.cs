using System.Text;
using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Platform.Objects;
using Tessera.Wire;

namespace Tessera.Platform.Fields;

/// <summary>A field that an application keeps on its holder's cards, alike on all (docs/protocols/store.md §7).</summary>
/// <param name="Id">On the card: the section of its application in the high nibble, the field in the low one.</param>
/// <param name="Name">Names it for ever among the fields of its section.</param>
/// <param name="Title">What the holder calls it.</param>
public sealed record CardField(byte Id, string Name, string Title, DeliveryPolicy Policy)
{
    private const int SectionMask = 0xF0;

    /// <summary>What it may hold, where that is a list.</summary>
    public IReadOnlyList<FieldValue> Values { get; init; } = [];

    /// <summary>A card tells its content in clear only behind the PIN; to and from the server it travels ciphered.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>
    /// It holds a ticket, coupon or receipt that the issuer signed for the card it is on: no other card gets it.
    /// </summary>
    public bool IsObject { get; init; }

    /// <summary>Places for signed objects, one each.</summary>
    /// <param name="first">Id of the first; the others follow in the same section.</param>
    /// <param name="places">How many of them a card holds at a time.</param>
    public static IReadOnlyList<CardField> Objects(byte first, int places, string name, string title)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, 1);
        if ((first & SectionMask) != ((first + places - 1) & SectionMask))
            throw new ArgumentException("All places are in one section.", nameof(places));
        return
        [
            .. Enumerable.Range(0, places).Select(place => new CardField(
                (byte)(first + place), place == 0 ? name : $"{name} {place + 1}", title, DeliveryPolicy.Mandatory)
            {
                IsObject = true,
            }),
        ];
    }

    /// <summary>What a card is told of it; of one for everybody, to save octets, nothing.</summary>
    public FieldDefinition Definition => IsObject ? new FieldDefinition(FieldType.Object, FieldReading.Anybody, false)
        : IsPrivate ? new FieldDefinition(FieldType.Text, FieldReading.Holder, Policy == DeliveryPolicy.Mandatory)
        : default;

    /// <summary>Whose it is: the data store, followed by the section.</summary>
    public Bytes Application { get; } = new((byte[])[.. StoreCommands.Aid.Span, (byte)(Id & SectionMask)]);

    /// <summary>The command that writes it; the length of what it is given is its length.</summary>
    /// <param name="content">As it travels.</param>
    internal CommandApdu Write(ushort version, Bytes mac, Bytes content) => Definition == default
        ? StoreCommands.Write(Id, new FieldWrite(version, mac, content))
        : StoreCommands.Define(Id, new FieldDefine(version, mac, Definition, content), IsPrivate);

    /// <summary>The command that reads it.</summary>
    internal CommandApdu Read(Bytes nonce) => StoreCommands.Read(Id, nonce, IsPrivate);

    public FieldKey Of(HolderId holder) => new(holder, Application, Name);

    /// <summary>What a holder reads for a content.</summary>
    public string Text(Bytes content) => IsObject
        ? StoredObject.Of(content)?.Text ?? ""
        : Label(Encoding.UTF8.GetString(content.Span));

    /// <summary>What a holder reads for a value.</summary>
    public string Label(string code) =>
        Values.FirstOrDefault(value => string.Equals(value.Code, code, StringComparison.Ordinal))?.Label ?? code;

    /// <exception cref="ArgumentException">More than a field holds.</exception>
    public static Bytes Content(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets.Length, StoreCommands.MaxContent, nameof(text));
        return new Bytes(octets);
    }
}

/// <summary>One of the values a field may hold.</summary>
/// <param name="Code">As it is on the card.</param>
/// <param name="Label">As the holder reads it.</param>
public sealed record FieldValue(string Code, string Label);
