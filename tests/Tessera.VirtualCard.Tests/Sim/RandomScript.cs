using Tessera.Toolkit.Commands;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>Scripts that no server of ours would send: every kind of step, right and wrong, at what it must not reach.</summary>
internal static class RandomScript
{
    private static readonly string[] OfApplets =
    [
        "00A40400 09 F05445535345524101 00", "00A40400 09 F05445535345524102 00", "80500000 08 A1A2A3A4A5A6A7A8 00",
        "805C0000 00", "805E0000", "00B20104 00", "805A0000 0C A1A2A3A4A5A6A7A8 00000001 00", "80600000 00",
        "80620001 08 A1A2A3A4A5A6A7A8 00", "80640001 0C 0001 A1A2A3A4A5A6A7A8 6465", "00200080", "00CA00C1 00",
        "80540101 18 00000000 00000001 A1A2A3A4A5A6A7A8 D1D2D3D4D5D6D7D8 00",
    ];

    private static readonly string[] OfTelephony =
    [
        "00A40400 07 A0000000871002 00", "00A4080C 04 7F206F07", "00A4000C 02 3F00", "00A4000C 02 7FFF",
        "00A4080C 04 7F106F3A", "00B08700 09", "00D68B00 02 1234", "00DC0104 1C " + Filler, "00B20104 1C",
        "00200001 08 3131313131313131", "00200081 08 3131313131313131", "0020000A 08 3131313131313131",
        "002C0001 10 3131313131313131 3232323232323232", "00260001 08 31323334FFFFFFFF", "00040000", "00440000",
        "80320000 03 000001 00", "80F20000 00", "00880080 11 10 00000000000000000000000000000000 00",
        "A0A40000 02 7F20", "A0A40000 02 6F7E", "A0D60000 02 1234", "A0200001 08 3131313131313131",
        "A02C0000 10 3131313131313131 3232323232323232", "A0880000 10 00000000000000000000000000000000",
        "A0100000 02 FFFF", "A0C20000 09 D30782020181900101", "80100000 02 FFFF", "A0140000 0C 810301210082028281830100",
        "00A40400 08 A000000151000000 00", "80CA0066 00", "00700000 01", "01A40400 07 A0000000871002 00",
    ];

    private const string Filler = "41414141414141414141414141414141414141414141414141414141";

    public static Bytes Of(Random random, ushort session, byte number)
    {
        List<byte> steps = [0xC0, 0x04, 0x01, (byte)(session >> 8), (byte)session, number];
        for (var count = random.Next(1, 7); count > 0; count--) steps.AddRange(Step(random, depth: 0));
        byte[] script = [0xAA, .. Length(steps.Count), .. steps];
        return new Bytes(random.Next(8) == 0 ? ApduFuzzing.Mutated(script, random) : script);
    }

    private static byte[] Step(Random random, int depth) => random.Next(16) switch
    {
        < 4 => Card(random, OfApplets),
        < 8 => [.. ExpectAnything, .. Card(random, OfTelephony)],
        8 => [.. ExpectAnything, 0xC3, 0x04, 0x00, 0x16, 0x08, 0x68, .. Card(random, [OfTelephony[9]])],
        9 => [.. ExpectAnything, 0xC3, 0x04, 0x05, 0x12, 0x08, 0x68, .. Card(random, OfTelephony)],
        10 => [.. ExpectAnything, 0xC5, 0x00, 0x02, 0x3F, 0x00, 0x7F, 0x20, .. Card(random, OfTelephony)],
        11 => [.. ExpectAnything, 0xC4, 0x02, 0x00, 0x08, .. Card(random, OfTelephony)],
        12 => Bytes.Of(Proactive(random)).ToArray(),
        13 => [0xCC, 0x02, (byte)random.Next(256), (byte)random.Next(256)],
        14 when depth < 3 => Branch(random, depth),
        _ => [(byte)random.Next(256), 0x03, .. ApduFuzzing.Noise(random, 3)],
    };

    private static byte[] ExpectAnything => [0xC2, 0x04, 0x00, 0x00, 0x00, 0x00];

    private static byte[] Card(Random random, string[] known)
    {
        var apdu = Bytes.FromHex(known[random.Next(known.Length)]).ToArray();
        if (random.Next(6) == 0) apdu = ApduFuzzing.Mutated(apdu, random);
        return [0x22, .. Length(apdu.Length), .. apdu];
    }

    private static byte[] Branch(Random random, int depth)
    {
        byte[] first = Step(random, depth + 1), second = Step(random, depth + 1);
        byte[] inside = [0xE2, .. Length(first.Length), .. first, 0xE2, .. Length(second.Length), .. second];
        return [.. Bytes.Of(ProactiveCommand.SelectItem("Which?", ["one", "two"])).Span, 0xE1, .. Length(inside.Length), .. inside];
    }

    private static ProactiveCommand Proactive(Random random) => random.Next(4) switch
    {
        0 => ProactiveCommand.DisplayText("Hello"),
        1 => ProactiveCommand.SelectItem("Which?", ["one", "two"]),
        2 => ProactiveCommand.GetInput("How many?", 1, 4, InputQualifier.Digits),
        _ => ProactiveCommand.SetUpMenu("Mine now", ["one"]),
    };

    private static byte[] Length(int length) =>
        length < 0x80 ? [(byte)length] : length <= 0xFF ? [0x81, (byte)length] : [0x82, (byte)(length >> 8), (byte)length];
}
