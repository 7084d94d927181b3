using System.Text.Json.Serialization;

namespace Tessera.Terminal.Displays;

/// <summary>What the page draws, as JSON; never anything typed.</summary>
/// <param name="Kind"><c>idle text list typing amount secret decision</c>, or <c>keypad</c> with the lines of a small
/// display.</param>
/// <param name="DataKey">There is a key that lets the line go to data.</param>
/// <param name="Menu">What the menu beside it says; null where there is none.</param>
internal sealed record ScreenState(
    long Number,
    string Kind,
    long Ask = 0,
    IdleState? Idle = null,
    RequestState? Request = null,
    IReadOnlyList<string>? Lines = null,
    bool? DataKey = null,
    string? Menu = null)
{
    public static ScreenState Of(Screen screen) => Drawn(screen) with { Menu = screen.Menu?.Entry() };

    private static ScreenState Drawn(Screen screen) => screen switch
    {
        KeypadScreen keypad => new ScreenState(
            keypad.Number, "keypad", keypad.Ask, Lines: keypad.Lines, DataKey: keypad.Unasked is null ? null : true),
        RichScreen rich => Of(rich.Sight),
        _ => throw new ArgumentException($"{screen.GetType().Name} has no page.", nameof(screen)),
    };

    private static ScreenState Of(RichSight sight)
    {
        var (kind, request) = sight.Request switch
        {
            TextShown shown => ("text", new RequestState { Text = shown.Text, Waits = shown.Waits }),
            ListShown list => ("list", new RequestState { Title = list.Title, Items = list.Items }),
            TextAsked asked => ("typing", new RequestState
            {
                Text = asked.Text, Least = asked.Least, Most = asked.Most, Digits = asked.Digits,
            }),
            AmountAsked asked => ("amount", new RequestState { Text = asked.Text, Most = asked.MostDigits }),
            SecretAsked asked => ("secret", new RequestState
            {
                Text = asked.Text, Least = asked.Least, Most = asked.Most, Payment = asked.Payment,
            }),
            DecisionAsked asked => ("decision", new RequestState { Text = asked.Text, Payment = asked.Payment }),
            _ => ("idle", (RequestState?)null),
        };
        return new ScreenState(sight.Number, kind, sight.Ask, sight.Idle, request);
    }
}

/// <summary>The parts a request has.</summary>
internal sealed record RequestState
{
    public string? Title { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<string>? Items { get; init; }

    public bool Waits { get; init; }

    public bool Digits { get; init; }

    public int Least { get; init; }

    public int Most { get; init; }

    public ShownPayment? Payment { get; init; }
}

/// <summary>How the state is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScreenState))]
internal sealed partial class ScreenJson : JsonSerializerContext;
