using System.CommandLine;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Cli.Store;

/// <summary><c>tessera store</c>: the fields of a card's data store.</summary>
internal static class StoreCommand
{
    internal static readonly Option<string> Field = new("--field")
    {
        Description = "The field, 01 to FF.", HelpName = "hex", Required = true,
    };

    private static readonly Option<string?> Value = new("--value")
    {
        Description = "What it is to hold: a text, a number, a day as 2026-11-22, or hexadecimal digits, by its type.",
        HelpName = "text",
    };

    private static readonly Option<FieldType?> Type = new("--type")
    {
        Description = "Define the field: octets, text, number, date.", HelpName = "type",
    };

    private static readonly Option<FieldReading?> Reading = new("--reading")
    {
        Description = "Define who is told its content in clear: anybody, holder (behind the PIN), issuer (nobody).",
        HelpName = "who",
    };

    private static readonly Option<bool> Mandatory = new("--mandatory")
    {
        Description = "Define that a change of it comes to all cards of the holder, unasked.",
    };

    public static Command Create() => new("store", "The data store of a card: its fields, and signed objects in them.")
    {
        List(), Read(), Write(), ObjectVerbs.Verify(), ObjectVerbs.Sign(), ObjectVerbs.Remove(), ObjectKeyVerb.Create(),
    };

    /// <summary>A verb that opens a store.</summary>
    internal static Command OnStore(
        Command command, bool takesKey, Func<ParseResult, StoreAtHand, CancellationToken, Task<int>> run)
    {
        command.Add(Verb.Json);
        foreach (var option in StoreAtHand.Options) command.Add(option);
        if (takesKey) foreach (var option in StoreAtHand.KeyOptions) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var store = await StoreAtHand.OpenAsync(parsed, cancel);
            return await run(parsed, store, cancel);
        });
        return command;
    }

    private static Command List() => OnStore(
        new Command(
            "list",
            "Print all fields: type, rules, and what the card tells anybody. Nothing of it is proven. "
            + "Example: tessera store list --reader NAME"),
        takesKey: false,
        async (parsed, store, cancel) =>
        {
            var report = await StoreReport.ReadAsync(store.Client, cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(report);
            else foreach (var line in report.Lines()) Console.WriteLine(line);
            return 0;
        });

    private static Command Read() => OnStore(
        new Command(
            "read",
            "Print a field. With the key it comes ciphered and proven; without it, behind the PIN where the field is its "
            + "holder's. Examples: tessera store read --reader NAME --field 02; --card card.img --field 02 --demonstration")
        {
            Field,
        },
        takesKey: true,
        async (parsed, store, cancel) =>
        {
            var field = StoreAtHand.FieldOf(parsed.GetRequiredValue(Field));
            if (await store.FindAsync(field, cancel) is not { } found)
                return Verb.Fail($"The card has no field {field:X2}.");
            if (!store.HasKey && found.Definition.Reading == FieldReading.Holder)
                await PinAtHand.VerifyAsync(store.Card.Channel, cancel);
            Print(parsed, field, found.Definition, await store.ReadAsync(field, cancel), store.HasKey);
            return 0;
        });

    private static Command Write() => OnStore(
        new Command(
            "write",
            "Write a field as its issuer, and define it where that is asked for. Examples: "
            + "tessera store write --reader NAME --master store.key --field 02 --type text --reading holder --value 'Bob 0171'; "
            + "--card card.img --demonstration --field 01 --value 6465")
        {
            Field, Value, Type, Reading, Mandatory,
        },
        takesKey: true,
        async (parsed, store, cancel) =>
        {
            var field = StoreAtHand.FieldOf(parsed.GetRequiredValue(Field));
            var had = (await store.FindAsync(field, cancel))?.Definition ?? default;
            var defined = new FieldDefinition(
                parsed.GetValue(Type) ?? had.Type, parsed.GetValue(Reading) ?? had.Reading,
                parsed.GetValue(Mandatory) || had.IsMandatory);
            if (defined.Type == FieldType.Object) throw new FormatException("A signed object is written by 'store sign'.");
            var content = parsed.GetValue(Value) is { } text ? FieldValue.Parse(defined.Type, text) : Bytes.Empty;
            var written = await store.WriteAsync(field, defined == had ? null : defined, content, cancel);
            Print(parsed, field, defined, written, isProven: true);
            return 0;
        });

    internal static void Print(
        ParseResult parsed, byte field, FieldDefinition definition, StoredField stored, bool isProven)
    {
        var entry = new FieldVersion(field, stored.Version, (byte)stored.Content.Length);
        var report = FieldReport.Of(entry, definition, stored.Content);
        if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { field = report, proven = isProven });
        else Console.WriteLine(report.Line() + (isProven ? ", proven by the card" : ""));
    }
}
