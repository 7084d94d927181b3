using System.Text;

namespace Tessera.Smpp.Centre;

/// <summary>A SIM and the number the network knows it by.</summary>
public sealed record Subscriber(Imsi Imsi, Msisdn Number);

/// <summary>An ESME that may bind, what it owns and what it may ask.</summary>
public sealed record EsmeAccount
{
    /// <summary>At most 15 characters.</summary>
    public required string SystemId { get; init; }

    /// <summary>At most 8 characters.</summary>
    public required string Password { get; init; }

    /// <summary>The only system_type taken; null takes any. Default null.</summary>
    public string? SystemType { get; init; }

    /// <summary>
    /// Numbers and names whose messages this ESME gets and that it may send from; with <c>*</c> at the end, all that
    /// begin so. A message without a source is given the first that is whole. Default none.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>It may send from any address. Default no.</summary>
    public bool AnySource { get; init; }

    /// <summary>Bound at once. Default 4.</summary>
    public int MaxSessions { get; init; } = 4;

    /// <summary>submit_sm in a second, then ESME_RTHROTTLED; null sets no limit. Default null.</summary>
    public int? MaxPerSecond { get; init; }

    /// <summary>deliver_sm without answer. Default 16.</summary>
    public int Window { get; init; } = 16;

    /// <summary>Messages that wait for it, then ESME_RMSGQFUL. Default 100000.</summary>
    public int MaxQueued { get; init; } = 100_000;

    /// <summary>The password is not printed.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"SystemId = {SystemId}");
        return true;
    }
}

/// <summary>Whom a centre serves, and its limits.</summary>
public sealed record CentreOptions
{
    /// <summary>What a bind_resp says. Default <c>tessera</c>.</summary>
    public string SystemId { get; init; } = "tessera";

    /// <summary>RP-Originator Address of what goes to phones. Default +999000.</summary>
    public Msisdn Number { get; init; } = Msisdn.Parse("999000");

    public IReadOnlyList<Subscriber> Subscribers { get; init; } = [];

    public IReadOnlyList<EsmeAccount> Esmes { get; init; } = [];

    public RetrySchedule Retry { get; init; } = RetrySchedule.Usual;

    public ValidityPolicy Validity { get; init; } = new();

    public SessionLimits Smpp { get; init; } = new();

    public AirLimits Air { get; init; } = new();

    /// <summary>Messages that wait for one phone, then ESME_RMSGQFUL. Default 1000.</summary>
    public int MaxQueuedForPhone { get; init; } = 1000;

    /// <summary>Messages held altogether. Default 1000000.</summary>
    public int MaxHeld { get; init; } = 1_000_000;

    /// <summary>How long the end of a message can be asked for. Default 1 day.</summary>
    public TimeSpan Remember { get; init; } = TimeSpan.FromDays(1);
}
