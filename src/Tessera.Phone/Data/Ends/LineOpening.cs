namespace Tessera.Phone.Data;

/// <summary>The way of an end from voice into data: whom it calls or answers, until both know each other.</summary>
internal abstract class LineOpening : IDisposable
{
    /// <summary>The traffic that has begun; the end owns it from then on.</summary>
    public LineTraffic? Traffic { get; protected set; }

    /// <summary>Takes a frame, whatever anybody may have sent.</summary>
    public abstract void Hear(HeardFrame heard, long now);

    /// <summary>Gives the speaker what must be said, if it is free.</summary>
    public abstract void Speak(long now);

    /// <summary>Whether it was in vain, and why.</summary>
    public abstract LineEnding? Check(long now);

    public abstract void Dispose();
}
