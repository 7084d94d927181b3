using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.Tests.Files;
using Tessera.VirtualCard.Tests.Os;
using Tessera.VirtualCard.Tests.Piv;
using Tessera.VirtualCard.Tests.SecureChannels;
using Tessera.VirtualCard.Tests.Sim;
using Tessera.VirtualCard.Tests.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Fuzz;

/// <summary>The states: of a card with purse, store, finger, files, PIV and security domain, and of a SIM.</summary>
internal static class FuzzStates
{
    private const string Purse = "00A4040C 09 F05445535345524101";
    private const string Store = "00A4040C 09 F05445535345524102";
    private const string Piv = "00A4040C 09 A00000030800001000";
    private const string Usim = "00A4040C 07 A0000000871002";
    private const string Verify = "00200080 08 313233343536FFFF";
    private const string WrongPin = "00200080 08 393939393939FFFF";
    private const string WrongPuk = "002C0080 10 3939393939393939 313233343536FFFF";

    private static readonly string[] OfCard =
        [.. ApduFuzz.Known, .. StoreFuzzTests.Known, .. FileFuzz.Known, .. PivFuzzTests.Known];

    /// <summary>The PIN is not among what a mad phone types: else it would pay.</summary>
    private static readonly string[] OfSim =
    [
        .. SimFuzzTests.Known.Select(command => command.Replace("313233343536", "393939393939", StringComparison.Ordinal)),
        .. ApduFuzz.Known.Where(command => !command.StartsWith("00200080 08", StringComparison.Ordinal)),
        Usim, "00A40004 02 7FFF 00", "00A40804 04 7FFF6F07 00", "00A4080C 06 7F105F3A4F3A", "00A4000C 02 6F39",
        "00B08700 09", "00D68B00 02 1234", "00B20104 1C",
        "00DC0104 1C 4142434445464748494A4B4C4D4E4F505152535455565758595A5B5C",
        "00A20104 01 41 00", "00A20106 03 040041 00", "80320000 03 000001 00", "00200001 08 31323334FFFFFFFF",
        "00200081 08 35363738FFFFFFFF", "0020000A 08 3838383838383838", "00240081 10 35363738FFFFFFFF 35363738FFFFFFFF",
        "00260001 08 31323334FFFFFFFF", "00280001 08 31323334FFFFFFFF", "002C0001 10 3132333435363738 31323334FFFFFFFF",
        "00040000", "00440000", "80F20000 10", "80F2000C", "80100000 0F FFFFFFFF7F0300DF7F0000000000D4", "80120000 25",
        "80140000 0C 810301210082028281830100", "80C20000 09 D30782020181900101",
        "00880081 22 10 23553CBE9637A89D218AE64DAE47BF35 10 00000000000000000000000000000000 00",
        "00880080 11 10 23553CBE9637A89D218AE64DAE47BF35 00",
    ];

    private static readonly byte[] Card = TestCard.NewImage(Everything(isDeactivated: false));
    private static readonly byte[] Sim = Shop.LoadedImage();

    public static FuzzState Get(string name) => name switch
    {
        "fresh" => FuzzState.Of(Card, OfCard),
        "PIN verified" => FuzzState.Of(Card, OfCard, Purse, Verify),
        "finger tried" => FuzzState.Of(Card, OfCard, Purse, "00210081 0E 7F2E0B 8109 413045 63302A 5231BF"),
        "PIN blocked" => FuzzState.Of(After(Card, Purse, WrongPin, WrongPin, WrongPin), OfCard, Purse),
        "PIN and PUK blocked" => FuzzState.Of(
            After(Card, [Purse, WrongPin, WrongPin, WrongPin, .. Enumerable.Repeat(WrongPuk, 10)]), OfCard, Store),
        "purse initialized" => FuzzState.Of(Card, OfCard, Purse, Verify, "80500000 08 A1A2A3A4A5A6A7A8 00"),
        "purse deactivated" => FuzzState.Of(
            TestCard.NewImage(Everything(isDeactivated: true)), OfCard, Purse, Verify, "80500000 08 A1A2A3A4A5A6A7A8 00"),
        "store selected" => FuzzState.Of(Card, [.. StoreFuzzTests.Known, .. OfCard], Store, Verify),
        "in a chain" => FuzzState.Of(Card, OfCard, Purse, "90540101 0C 00000000 00000001 A1A2A3A4"),
        "an answer waits" => FuzzState.Of(Card, OfCard, "00A40400 09 A00000030800001000"),
        "four channels" => FuzzState.Of(
            Card, OfCard, Purse, Verify, "00700001", "01A4040C 09 F05445535345524102", "00700002",
            "02A4080C 04 50005001", "00700003", "03A4040C 08 A000000151000000", "03CA0066 00"),
        "passwords verified" => FuzzState.Of(
            Card, [.. FileFuzz.Known, .. OfCard], "00A4000C 02 3F00", Verify, "00200001 08 3132333435363738",
            "00A4080C 04 50005001"),
        "PIV verified" => FuzzState.Of(Card, [.. PivFuzzTests.Known, .. OfCard], Piv, Verify, "0087039B 04 7C028100 00"),
        "domain selected" => FuzzState.Of(
            Card, OfCard, "00A4040C 08 A000000151000000", "80500000 08 A1A2A3A4A5A6A7A8 00"),
        "secure channel open" => SecureChannel(),
        "SIM fresh" => FuzzState.Of(Sim, OfSim),
        "SIM verified" => FuzzState.Of(
            Sim, OfSim, "A0200002 08 35363738FFFFFFFF", "A020000A 08 3838383838383838", "A0A40000 02 7F20", Usim),
        "SIM blocked" => FuzzState.Of(
            After(Sim, ["A0280001 08 31323334FFFFFFFF", .. Enumerable.Repeat("A0200001 08 3939FFFFFFFFFFFF", 3)]),
            OfSim, "A0A40000 02 7F20", Usim),
        "SIM toolkit, class A0" => FuzzState.Of(
            Sim, OfSim, "A0100000 0F FFFFFFFF7F0300DF7F0000000000D4", "A0A40000 02 7F10"),
        "SIM toolkit, class 80" => FuzzState.Of(Sim, OfSim, Usim, "80100000 0F FFFFFFFF7F0300DF7F0000000000D4"),
        "SIM script under way" => Script(isUicc: false),
        "SIM script under way, class 80" => Script(isUicc: true),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such state."),
    };

    private static Personalisation Everything(bool isDeactivated)
    {
        var person = Personalisation.DemonstrationWithFiles(
            TestCard.Id, new SyntheticFinger(3).Enrol(),
            PivPersonalisation.Demonstration(
                TestCard.Id, PivCard.Made, [PivCard.Key(0x9A), PivCard.Key(0x9C), PivCard.Key(0x9D)]));
        return !isDeactivated ? person : new Personalisation
        {
            Card = person.Card,
            Keys = person.Keys,
            KeyVersion = person.KeyVersion,
            Pin = person.Pin,
            Puk = person.Puk,
            Finger = person.Finger,
            Piv = person.Piv,
            Domain = person.Domain,
            Files = person.Files,
            IsDeactivated = true,
        };
    }

    private static byte[] After(byte[] image, params string[] commands)
    {
        using var card = TestCard.Open(image);
        foreach (var command in commands) card.Send(command);
        return card.Image;
    }

    /// <summary>An issuer whose commands come with right codes, and are wrong inside; others are not its own.</summary>
    private static FuzzState SecureChannel()
    {
        Scp03Host? host = null;
        return new FuzzState(Card, OfCard, card => () =>
        {
            card.Os.Reset();
            card.Send(GlobalPlatformCommands.Select(GlobalPlatformCommands.IssuerDomain));
            var answer = card.Send(GlobalPlatformCommands.InitializeUpdate(0, DomainCard.Challenge));
            host?.Dispose();
            host = null;
            if (!answer.Status.IsSuccess) return;
            var said = answer.Data.Read<InitializeUpdateAnswer>();
            using var keys = DomainCard.KeysOf(said);
            host = Scp03Host.Open(keys, DomainCard.Challenge, said);
            card.Send(host.Authenticate(SecurityLevel.CommandMac));
        })
        {
            IsIssuer = true,
            Wrap = (_, octets) => host is { Level: not null } open && Wrapped(open, octets) is { } wrapped ? wrapped : null,
        };
    }

    private static byte[]? Wrapped(Scp03Host host, byte[] octets)
    {
        if (!CardOs.TryRead(octets, out var command) || command.Data.Length > 200) return null;
        if ((command.Cla & 0x7F) != 0 || command.IsChained) return null;
        return Bytes.Of(host.Wrap(command)).ToArray();
    }

    /// <summary>A purchase that waits for the holder's choice.</summary>
    private static FuzzState Script(bool isUicc) => new(Sim, OfSim, card =>
    {
        var world = new SimWorld(card, new Gateway(), isUicc);
        return () =>
        {
            world.Phone.SwitchOn();
            if (isUicc) card.Send(Usim);
            var script = Shop.Purchase(world.Open());
            foreach (var envelope in Gateway.Envelopes(world.Gateway.Wrap(Bytes.Of(script))))
                card.Send(isUicc ? $"80{envelope[2..]}" : envelope);
        };
    });
}
