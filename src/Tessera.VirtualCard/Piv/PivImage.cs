using System.Buffers.Binary;
using System.Security.Cryptography;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>The cells of a new PIV card (NIST SP 800-73-5 part 1).</summary>
internal static class PivImage
{
    private const int CardNumberLength = 14;

    /// <exception cref="ArgumentException">
    /// The management key does not fit its algorithm, or a slot is there twice.
    /// </exception>
    public static NewCell[] Cells(PivPersonalisation card)
    {
        if (!ManagementKey.IsSymmetric(card.ManagementAlgorithm)
            || card.ManagementKey.Length != card.ManagementAlgorithm.KeyLength())
            throw new ArgumentException("The management key does not fit its algorithm.", nameof(card));
        if (card.Credentials.DistinctBy(each => each.Reference).Count() != card.Credentials.Count)
            throw new ArgumentException("A slot of the PIV application is there twice.", nameof(card));

        var objects = new Dictionary<uint, Bytes>
        {
            [PivObject.Chuid] = PivChuid.Write(card.Guid, card.Expires),
            [PivObject.Capabilities] = Capabilities(),
        };
        foreach (var credential in card.Credentials)
            objects.Add(credential.Slot.Certificate, PivCertificate.Write(credential.Certificate.Memory));
        var serial = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(serial, card.Serial);
        return
        [
            new(
                CellId.PivManagementKey, ManagementKey.MaxLength,
                ManagementKey.WriteCell(card.ManagementAlgorithm, card.ManagementKey.Reveal())),
            new(CellId.PivSerial, serial.Length, new Bytes(serial)),
            .. PivSlot.All.Select(slot => new NewCell(slot.Cell, PivKey.MaxLength, KeyIn(slot, card))),
            .. PivObject.All.Select(each => new NewCell(each.Cell, each.Capacity, objects.GetValueOrDefault(each.Tag))),
        ];
    }

    private static Bytes KeyIn(PivSlot slot, PivPersonalisation card) =>
        card.Credentials.FirstOrDefault(each => each.Slot == slot) is { } credential
            ? new Bytes(credential.Key.Write())
            : Bytes.Empty;

    /// <summary>
    /// The card capability container: F0 a card of its own kind, F1 and F2 versions 2.1, F4 PKCS#15 does not apply, F5
    /// data model 10. F3 stays empty: hosts take addresses of applications in it for a card of another kind.
    /// </summary>
    private static Bytes Capabilities() => Objects(
    [
        (0xF0, new Bytes((byte[])[.. Provider, 0xFF, 0x02, .. RandomNumberGenerator.GetBytes(CardNumberLength)])),
        (0xF1, new Bytes((byte[])[0x21])),
        (0xF2, new Bytes((byte[])[0x21])),
        (0xF3, Bytes.Empty),
        (0xF4, new Bytes((byte[])[0x00])),
        (0xF5, new Bytes((byte[])[0x10])),
        .. ((ushort[])[0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE]).Select(tag => (tag, Bytes.Empty)),
    ]);

    /// <summary>Of the government smart card interoperability specification.</summary>
    private static ReadOnlySpan<byte> Provider => [0xA0, 0x00, 0x00, 0x01, 0x16];

    private static Bytes Objects(params (ushort Tag, Bytes Value)[] objects) => Bytes.Of(output =>
    {
        foreach (var (tag, value) in objects) Tlv.Write(new ByteWriter(output), tag, value.Span);
    });
}
