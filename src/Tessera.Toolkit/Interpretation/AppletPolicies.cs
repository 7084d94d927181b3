using Tessera.Cards.Biometrics;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>The allow-lists of the applications that Tessera knows.</summary>
public static class AppletPolicies
{
    /// <summary>The purse (docs/protocols/purse.md §3).</summary>
    public static AppletPolicy Purse { get; } = new("purse", PurseCommands.Aid,
    [
        new("INITIALIZE", 0x80, 0x50, 0x00, 0x00, 8),
        new("MOVE, debit", 0x80, 0x54, 0x01, new(0x00, 0x01), 24),
        new("MOVE, debit with ceiling", 0x80, 0x54, 0x01, new(0x02, 0x03), 28),
        new("MOVE, debit with goods", 0x80, 0x54, 0x01, new(0x04, 0x05), new(30, 24 + PurseCommands.MaxGoods)),
        new("MOVE, debit with ceiling and goods", 0x80, 0x54, 0x01, new(0x06, 0x07), new(34, 28 + PurseCommands.MaxGoods)),
        new("MOVE, load or adjust", 0x80, 0x54, new(0x02, 0x03), new(0x00, 0x01), 24),
        new("MOVE, order of the issuer", 0x80, 0x54, new(0x04, 0x07), 0x01, 24),
        new("PROVE", 0x80, 0x5A, 0x00, 0x00, 12),
        new("GET BALANCE", 0x80, 0x5C, 0x00, 0x00, 0),
        new("END", 0x80, 0x5E, 0x00, 0x00, 0),
        new("READ RECORD", 0x00, 0xB2, new(1, PurseCommands.LogRecords), 0x04, 0),
        new(
            "VERIFY, finger", 0x00, FingerCommands.Verify, 0x00, FingerCommands.Reference,
            new(FingerTemplate.MinLength, FingerTemplate.MaxLength)),
        .. PinCommands,
    ]);

    /// <summary>The data store (docs/protocols/store.md §3).</summary>
    public static AppletPolicy Store { get; } = new("data store", StoreCommands.Aid,
    [
        new("LIST", 0x80, 0x60, 0x00, 0x00, 0),
        new("READ", 0x80, 0x62, new(0x00, StoreCommands.Secured), new(0x01, 0xFF), 8),
        new("WRITE", 0x80, 0x64, new(0x00, StoreCommands.Secured), new(0x01, 0xFF), new(10, 138)),
        new("DEFINE", 0x80, 0x66, new(0x00, StoreCommands.Secured), new(0x01, 0xFF), new(12, 140)),
    ]);

    /// <summary>
    /// Identity (NIST SP 800-73): what everybody may read, PINs, and signatures of 9A, 9C and 9E by sign steps only.
    /// </summary>
    public static AppletPolicy Piv { get; } = new("PIV", Bytes.FromHex("A000000308000010000100"),
    [
        new("GET DATA", 0x00, 0xCB, 0x3F, 0xFF, new(3, 5),
        [
            Bytes.FromHex("5C035FC105"), // certificate of 9A
            Bytes.FromHex("5C035FC10A"), // certificate of 9C
            Bytes.FromHex("5C035FC10B"), // certificate of 9D
            Bytes.FromHex("5C035FC101"), // certificate of 9E
            Bytes.FromHex("5C035FC102"), // CHUID
            Bytes.FromHex("5C035FC107"), // card capability container
            Bytes.FromHex("5C017E"), // discovery object
        ]),
        new(
            "VERIFY, finger", 0x00, 0x20, 0x00, PivCommands.PrimaryFinger,
            new(FingerMinutia.Length, FingerTemplate.MaxLength)),
        .. PinCommands,
    ], [0x9A, 0x9C, 0x9E]);

    /// <summary>VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER, their data by the rule of PINs only.</summary>
    private static Sequence<AllowedCommand> PinCommands =>
    [
        new("VERIFY", 0x00, 0x20, 0x00, 0x80, 8),
        new("VERIFY, clear", 0x00, 0x20, 0xFF, 0x80, 0),
        new("CHANGE REFERENCE DATA", 0x00, 0x24, 0x00, 0x80, 16),
        new("RESET RETRY COUNTER", 0x00, 0x2C, 0x00, 0x80, 16),
    ];
}
