namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>The server died.</summary>
internal sealed class CrashException() : Exception("The server is dead.");

/// <summary>Whether the server lives: it can be made to die before or after any durable write.</summary>
internal sealed class Power
{
    private int _left;
    private bool _out;

    /// <summary>Durable writes so far.</summary>
    public int Writes { get; private set; }

    /// <summary>It died since it was told to.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Dies at that point, counted from now: odd ones are before a write, even ones after.</summary>
    public void FailAt(int point) => _left = point;

    public void Restore() => (_out, _left) = (false, 0);

    /// <summary>Dies now.</summary>
    public CrashException Fail()
    {
        (_out, HasFailed) = (true, true);
        return new CrashException();
    }

    /// <summary>Anything a dead server cannot do.</summary>
    public void Need()
    {
        if (_out) throw new CrashException();
    }

    public T Write<T>(Func<T> work)
    {
        Pass();
        var outcome = work();
        Writes++;
        Pass();
        return outcome;
    }

    private void Pass()
    {
        Need();
        if (_left > 0 && --_left == 0) throw Fail();
    }
}
