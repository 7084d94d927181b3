using Tessera.Cards.SecureChannels;
using Tessera.Toolkit.Commands;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.SecureChannels;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>
/// Whatever is said to the applets of a SIM, on the contacts or by scripts, the telephony is the same octet for octet:
/// files, PINs and their tries, the subscriber's key and its sequence numbers. And the other way round.
/// </summary>
public sealed class TelephonyApartTests
{
    private const int ToolkitFirst = CellId.List;
    private const int ToolkitLast = CellId.JournalScript + 3;

    private static readonly byte[] Loaded = Shop.LoadedImage();

    private static readonly string[] Applets = ["F05445535345524101", "F05445535345524102", "A000000151000000"];

    private static readonly string[] OfApplets =
    [
        "00200080 08 313233343536FFFF", "00200080 08 393939393939FFFF", "0020FF80", "00200080",
        "00240080 10 313233343536FFFF 313233343536FFFF", "002C0080 10 3132333435363738 313233343536FFFF",
        "00200001 08 31323334FFFFFFFF", "00B08700 09", "00D68700 01 00", "00DC0104 02 0102", "00040000", "80F20000 00",
        "80100000 02 FFFF", "80320000 03 000001", "80500000 08 A1A2A3A4A5A6A7A8 00", "805C0000 00", "805E0000",
        "805A0000 0C A1A2A3A4A5A6A7A8 00000001 00", "00B20104 00", "80600000 00", "80620001 08 A1A2A3A4A5A6A7A8 00",
        "80640001 0C 0001 A1A2A3A4A5A6A7A8 6465",
        "80540101 18 00000000 00000001 A1A2A3A4A5A6A7A8 D1D2D3D4D5D6D7D8 00",
        "84823300 10 A1A2A3A4A5A6A7A8 A1A2A3A4A5A6A7A8", "80F24002 02 4F00 00", "80CA0066 00", "80E29000 02 4200",
        "80D80081 02 3188 00", "80E62000 0B 000005A1A2A3A4A5000000 00", "00CA00C1 00",
    ];

    private static readonly string[] OfTelephony =
    [
        "A0A40000 02 3F00", "A0A40000 02 7F20", "A0A40000 02 7F10", "A0A40000 02 6F3A", "A0A40000 02 6F7E",
        "A0A40000 02 6F39", "A0D60000 02 1234", "A0DC0104 1C 41414141414141414141414141414141414141414141414141414141",
        "A0320000 03 000001", "A0200001 08 31323334FFFFFFFF", "A0200002 08 35363738FFFFFFFF", "A020000A 08 3838383838383838",
        "A0200002 08 31313131FFFFFFFF", "A02C0000 10 3132333435363738 31323334FFFFFFFF", "A0040000 00", "A0440000 00",
        "A0880000 10 00000000000000000000000000000000", "A0100000 0F FFFFFFFF7F0300DF7F0000000000D4", "A0120000 25",
        "A0140000 0C 810301210082028281830100", "A0C20000 09 D30782020181900101", "A0F20000 16",
        "00A40400 07 A0000000871002 00", "00A4000C 02 7FFF", "00D68B00 02 1234", "00D68500 01 01", "00200081 08 35363738FFFFFFFF",
        "00200001 08 31313131FFFFFFFF", "0020000A 08 3838383838383838", "00D68700 01 07", "00A4000C 02 6F39",
        "80320000 03 000001", "00DC0104 1C 42424242424242424242424242424242424242424242424242424242", "00040000", "00440000",
        "00A4080C 06 7F105F3A4F3A", "80100000 0F FFFFFFFF7F0300DF7F0000000000D4", "80F2000C", "80C20000 09 D30782020181900101",
        "00880080 11 10 00000000000000000000000000000000 00",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Nothing_that_applets_and_scripts_are_told_touches_the_telephony(int seed)
    {
        var random = new Random(seed);
        using var world = new SimWorld(Loaded, isUicc: seed % 2 == 0);
        world.Phone.Holder = command => Holder(random, command);
        var (telephony, other) = Cells(world.Sim);
        var (sent, changes, answered) = (0, 0, 0);
        for (var turn = 0; turn < 40; turn++)
        {
            switch (random.Next(5))
            {
                case 0:
                    Administer(world.Sim, random);
                    break;
                case 1 or 2:
                    answered += Run(world, random);
                    break;
                default:
                    sent += Command(world.Sim, random);
                    break;
            }

            var now = Cells(world.Sim);
            Assert.Equal(telephony, now.Telephony);
            if (!string.Equals(now.Others, other, StringComparison.Ordinal)) changes++;
            other = now.Others;
        }

        Assert.True(
            sent > 100 && changes > 10 && answered > 10, $"{sent} commands, {changes} changes, {answered} scripts");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_that_the_telephony_is_told_touches_purse_store_and_PIN(int seed)
    {
        var random = new Random(seed);
        using var sim = TestCard.Open(Loaded, new SeededRandom(seed));
        var (telephony, other) = Cells(sim);
        var changes = 0;
        for (var turn = 0; turn < 1000; turn++)
        {
            if (random.Next(100) == 0) sim.Os.Reset();
            var command = Bytes.FromHex(OfTelephony[random.Next(OfTelephony.Length)]).ToArray();
            if (random.Next(3) == 0) command = ApduFuzzing.Mutated(command, random);
            if (IsSelectionOfAnother(command)) continue;
            sim.Os.Transmit(command);
            var now = Cells(sim);
            Assert.Equal(other, now.Others);
            if (!string.Equals(now.Telephony, telephony, StringComparison.Ordinal)) changes++;
            telephony = now.Telephony;
        }

        Assert.True(changes > 25, $"{changes} changes");
    }

    [Fact]
    public void Who_is_handed_a_part_of_the_memory_finds_nothing_else_in_it()
    {
        using var whole = CardMemory.Open(new CutMedium(Loaded));
        var applets = whole.Part(id => !CellId.IsOfTelephony(id));
        var telephony = whole.Part(CellId.IsOfTelephony);

        Assert.False(applets.Has(CellId.Chv1));
        Assert.False(telephony.Has(CellId.Purse));
        Assert.True(applets.Has(CellId.Purse) && telephony.Has(CellId.Chv1));
        Assert.Throws<InvalidOperationException>(() => applets.Read(CellId.SubscriberKey).Length);
        Assert.Throws<InvalidOperationException>(() => telephony.Read(CellId.PurseKey).Length);
        using var change = applets.Begin();
        Assert.Throws<InvalidOperationException>(() => change.Write(CellId.SimFile, [1]));
        Assert.Throws<InvalidOperationException>(() => change.Read(CellId.SimFile).Length);
        Assert.Throws<InvalidOperationException>(telephony.Begin);
    }

    /// <summary>Commands to one applet on one channel, none of which selects another or is of class A0.</summary>
    private static int Command(TestCard sim, Random random)
    {
        var channel = (byte)random.Next(4);
        if (random.Next(8) == 0) sim.Os.Reset();
        if (channel != 0) sim.Send($"007000{channel:X2}");
        var applet = Applets[random.Next(Applets.Length)];
        if (!sim.Send($"{channel:X2}A4040C{applet.Length / 2:X2}{applet}").EndsWith("9000", StringComparison.Ordinal)) return 0;
        var count = random.Next(1, 30);
        for (var i = 0; i < count; i++)
        {
            var command = Bytes.FromHex(OfApplets[random.Next(OfApplets.Length)]).ToArray();
            if (random.Next(2) == 0) command = ApduFuzzing.Mutated(command, random);
            if (command.Length < 2 || command[1] is 0xA4 or 0x70) continue;
            command[0] = (byte)((command[0] & 0x9C) | channel);
            sim.Os.Transmit(command);
        }

        return count;
    }

    /// <summary>What an issuer changes by a secure channel: objects of the domain, fields of the store, keys.</summary>
    private static void Administer(TestCard sim, Random random)
    {
        sim.Os.Reset();
        var domain = new DomainCard(sim);
        domain.Open();
        switch (random.Next(3))
        {
            case 0:
                Assert.Equal("9000", domain.Send($"80E29000 04 4202{random.Next(0x10000):X4}"));
                break;
            case 1:
                domain.Send(GlobalPlatformCommands.InstallForPersonalisation(Bytes.FromHex(Applets[1])));
                domain.Send($"80E28800 08 01{random.Next(1, 20):X2} 05 {random.Next(1, 0x10000):X4} {random.Next(0x1000000):X6}");
                break;
            default:
                domain.Send("80F24000 02 4F00 00");
                break;
        }
    }

    /// <summary>A session of the phone with scripts of all kinds.</summary>
    /// <returns>How many of them were answered.</returns>
    private static int Run(SimWorld world, Random random)
    {
        world.Phone.SwitchOn();
        var opening = world.Open();
        var before = world.Gateway.Received.Count;
        for (byte number = 1; number <= 3; number++)
        {
            world.Send(random.Next(6) == 0
                ? Bytes.Of(Shop.Purchase(opening, number))
                : RandomScript.Of(random, opening.Session, number));
        }

        return world.Gateway.Received.Count - before;
    }

    private static TerminalResponse Holder(Random random, ProactiveCommand command) => random.Next(8) switch
    {
        0 => TerminalResponse.To(command, GeneralResult.BackwardMove),
        1 => TerminalResponse.To(command, GeneralResult.NoResponseFromUser),
        _ => Shop.Holder(1, random.Next(4) == 0 ? "111111" : DemonstrationKeys.Pin)(command),
    };

    /// <summary>By a name that a mutation made: behind it the commands would be to an applet.</summary>
    private static bool IsSelectionOfAnother(byte[] command) =>
        command is [not 0xA0, 0xA4, 0x04, _, ..] && !command.AsSpan(4).StartsWith((byte[])[0x07, 0xA0, 0, 0, 0, 0x87, 0x10, 0x02]);

    /// <summary>
    /// What the memory holds of the telephony, and of all else but what the toolkit keeps: packets change counters and
    /// journal whoever sends them.
    /// </summary>
    private static (string Telephony, string Others) Cells(TestCard sim)
    {
        using var memory = CardMemory.Open(new CutMedium(sim.Image));
        return (Told(CellId.IsOfTelephony), Told(id => !CellId.IsOfTelephony(id) && id is < ToolkitFirst or > ToolkitLast));

        string Told(Func<int, bool> which) => string.Join('\n', Enumerable.Range(1, 255)
            .Where(id => which(id) && memory.Has(id)).Select(id => $"{id:X2} {Convert.ToHexString(memory.Read(id))}"));
    }
}
