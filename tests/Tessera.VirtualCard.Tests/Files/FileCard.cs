using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Files;

/// <summary>A card with one file of each kind, and passwords and keys to open them with.</summary>
/// <remarks>
/// <code>
/// 3F00  MF, name F054455353455241FF; anybody creates in it; only key 1 terminates the card
///   0001  password 1 "PASSWORD", 3 tries, resetting code 2; update with key 1
///   0002  password 2 "UNBLOCK!", 5 tries
///   0003  key 1, 16 octets 40..4F, 4 tries; INTERNAL AUTHENTICATE is free
///   2F00  EF.DIR   2F01  EF.ATR; both read only
///   5000  directory, not shareable; deleted with key 1, else free
///     5001  transparent, 600 octets, SFI 1     5002  linear fixed, 10 of 8, SFI 2, two are there
///     5003  linear variable, 200 octets, no SFI, two are there   5004  cyclic, 4 of 6, SFI 4
///     5005  data objects, 300 octets           5006  transparent, 16: read password 1, update key 1, write both
///     0011  password 1 of the directory, "inside"
/// </code>
/// </remarks>
internal static class FileCard
{
    public const string MasterName = "F054455353455241FF";
    public const string Name = "F0544553534552411001";
    public const string Password = "50415353574F5244";
    public const string ResettingCode = "554E424C4F434B21";
    public const string Free = "8C08 7F 00000000000000";

    public static readonly Bytes Key = Bytes.FromHex("404142434445464748494A4B4C4D4E4F");

    public static InitialFile Master => new(
        Bytes.FromHex("820178 83023F00 8409" + MasterName + "8C08 7F 00210000000000"))
    {
        Management = Bytes.FromHex("5007 54455353455241"),
        Children =
        [
            new(Bytes.FromHex("8002000D 820109 83020001 8C02 02 21"), Bytes.FromHex("0101030302" + Password)),
            new(Bytes.FromHex("8002000D 820109 83020002"), Bytes.FromHex("0102050500" + ResettingCode)),
            new(Bytes.FromHex("80020015 820109 83020003 8C02 01 00"), Bytes.FromHex("0201040400" + Key)),
            new(
                Bytes.FromHex("80020040 820141 83022F00 8801F0 8C03 03 FF00"),
                Bytes.FromHex("610B 4F09 F05445535345524101")),
            new(Bytes.FromHex("80020010 820141 83022F01 8801E8 8C03 03 FF00"), Bytes.FromHex("4301F8 4703F7C1DB")),
            Directory,
        ],
    };

    private static InitialFile Directory => new(Bytes.FromHex("820138 83025000 840A" + Name + "8C08 7F 21000000000000"))
    {
        Children =
        [
            new(Bytes.FromHex("80020258 820141 83025001" + Free), Bytes.FromHex("A0A1A2A3A4A5A6A7")),
            new(Bytes.FromHex("8205420100080A 83025002" + Free))
            {
                Records = [Bytes.FromHex("0102030405060708"), Bytes.FromHex("1112131415161718")],
            },
            new(Bytes.FromHex("800200C8 8205440100200A 83025003 8800" + Free))
            {
                Records = [Bytes.FromHex("A1"), Bytes.FromHex("B1B2B3")],
            },
            new(Bytes.FromHex("82054601000604 83025004" + Free)),
            new(Bytes.FromHex("8002012C 820179 83025005 8800" + Free), Bytes.FromHex("C2021234 5F2003414243")),
            new(Bytes.FromHex("80020010 820141 83025006 8800 8C04 07 B1 21 11")),
            new(Bytes.FromHex("8002000B 820109 83020011 8C02 02 00"), Bytes.FromHex("0101030300 696E73696465")),
        ],
    };

    public static TestCard Open() => TestCard.Open(NewImage(), new SeededRandom(1));

    public static byte[] NewImage()
    {
        var lab = Personalisation.Demonstration(TestCard.Id);
        return TestCard.NewImage(new Personalisation
        {
            Card = lab.Card,
            Keys = lab.Keys,
            KeyVersion = lab.KeyVersion,
            Pin = lab.Pin,
            Puk = lab.Puk,
            Fields = lab.Fields,
            Files = Master,
            FilePages = 64,
        });
    }
}
