using System.CommandLine;
using Tessera.Cards.Traces;

namespace Tessera.Cli;

/// <summary>Where what is said to a card is written in words, if the holder of the tool wants it.</summary>
internal sealed class TraceAtHand : IDisposable
{
    private const string Live = "-";

    private readonly TextWriter _writer;

    private TraceAtHand(TextWriter writer)
    {
        _writer = writer;
        Trace = new CardTrace(Write, TimeProvider.System);
    }

    public static Option<string?> Option { get; } = new("--trace")
    {
        Description = "Write what is said to the card, in octets and words without secrets, "
            + "at the end of a file; - is standard error.",
        HelpName = "path",
    };

    public CardTrace Trace { get; }

    /// <summary>Null where no trace is wanted.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static TraceAtHand? Open(ParseResult parsed) => parsed.GetValue(Option) switch
    {
        null => null,
        Live => new TraceAtHand(Console.Error),
        var path => new TraceAtHand(new StreamWriter(path, append: true) { AutoFlush = true }),
    };

    public void Dispose()
    {
        if (_writer != Console.Error) _writer.Dispose();
    }

    private void Write(TraceEntry entry)
    {
        foreach (var line in TraceText.Lines(entry)) _writer.WriteLine(line);
    }
}
