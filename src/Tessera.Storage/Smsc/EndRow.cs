using Tessera.Smpp;
using Tessera.Smpp.Centre;

namespace Tessera.Storage.Smsc;

/// <summary>A row of <c>smsc_ends</c>.</summary>
internal sealed class EndRow
{
    public const string Columns =
        "message_id AS MessageId, sender AS Sender, state AS State, error AS Error, submitted AS Submitted, " +
        "done AS Done";

    public const string Insert =
        "INSERT INTO smsc_ends (message_id, sender, state, error, submitted, done) " +
        "VALUES (@MessageId, @Sender, @State, @Error, @Submitted, @Done)";

    public EndRow() { }

    public EndRow(MessageEnd end)
    {
        MessageId = end.Id;
        Sender = end.From.ToString();
        State = (long)end.State;
        Error = end.Error;
        Submitted = end.Submitted.ToUnixTimeMilliseconds();
        Done = end.Done.ToUnixTimeMilliseconds();
    }

    public long MessageId { get; init; }

    public string Sender { get; init; } = "";

    public long State { get; init; }

    public long Error { get; init; }

    public long Submitted { get; init; }

    public long Done { get; init; }

    public MessageEnd ToEnd() => new(
        MessageId, Party.Parse(Sender), (MessageState)State, (byte)Error,
        DateTimeOffset.FromUnixTimeMilliseconds(Submitted), DateTimeOffset.FromUnixTimeMilliseconds(Done));
}
