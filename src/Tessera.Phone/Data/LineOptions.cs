using Tessera.Phone.Modems;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>What an end of a line is and can do.</summary>
public abstract record LineOptions
{
    /// <summary>Its own key; not owned.</summary>
    public required LineKey Key { get; init; }

    /// <summary>The modems it hears and speaks, from the most robust to the fastest.</summary>
    public required Sequence<LineModem> Modems { get; init; }

    /// <summary>Which end called. Default: the server was called.</summary>
    public bool ServerCalled { get; init; }

    /// <summary>
    /// What both ends know of the call, 64 octets at most; the handshake fails where they differ. Default none.
    /// </summary>
    public Bytes Call { get; init; }

    /// <summary>
    /// Where the key of an opening comes from; tests draw theirs, so that a call has the same samples again.
    /// </summary>
    internal Func<LineKey> DrawKey { get; init; } = LineKey.Generate;

    /// <summary>The server is the answerer, whoever called.</summary>
    internal abstract CallSide Side { get; }

    internal LineRung[] Rungs => [.. Modems.SelectMany(modem => modem.Rungs)];

    /// <summary>The rungs it hears, a bit each.</summary>
    internal byte RungBits => Rungs.Aggregate((byte)0, (bits, rung) => (byte)(bits | rung.Bit));

    internal Bytes Prologue => LinePrologue.Of(ServerCalled, Call);

    internal LineRung? Find(byte number) => Array.Find(Rungs, rung => rung.Number == number);

    /// <exception cref="ArgumentException">No handshake could be made with these.</exception>
    /// <param name="options">Where the caller has them.</param>
    internal virtual void Check(string options)
    {
        if (Call.Length > LinePrologue.MaxCall)
            throw new ArgumentException($"A call is told by {LinePrologue.MaxCall} octets at most.", options);
        if (Rungs.Length == 0) throw new ArgumentException("A line needs a modem.", options);
        if (Array.Exists(Rungs, rung => rung.Number is 0 or > LineRung.Last)
            || Rungs.DistinctBy(rung => rung.Number).Count() != Rungs.Length)
            throw new ArgumentException($"Rungs have different numbers from 1 to {LineRung.Last}.", options);
    }
}

/// <summary>The end that is authenticated first and takes many devices.</summary>
public sealed record LineServerOptions : LineOptions
{
    /// <summary>Whether a device may speak to it.</summary>
    public required Func<LinePublicKey, bool> Allows { get; init; }

    /// <summary>
    /// The rungs on which it says hello, one after the other, until a device answers. Default: those of its modems, the
    /// fastest first.
    /// </summary>
    public Sequence<byte> Attempts { get; init; }

    internal override CallSide Side => CallSide.Answerer;

    internal LineRung[] AttemptRungs => [.. AttemptNumbers.Select(Find).OfType<LineRung>()];

    private byte[] AttemptNumbers =>
        Attempts.Count > 0 ? [.. Attempts] : [.. Modems.Reverse().SelectMany(modem => modem.Hellos)];

    internal override void Check(string options)
    {
        base.Check(options);
        if (AttemptRungs.Length == 0 || AttemptRungs.Length < AttemptNumbers.Length)
            throw new ArgumentException("An attempt is made on a rung that is there.", options);
    }
}

/// <summary>The end beside the holder.</summary>
public sealed record LineDeviceOptions : LineOptions
{
    /// <summary>The one server it obeys.</summary>
    public required LinePublicKey Server { get; init; }

    internal override CallSide Side => CallSide.Caller;
}
