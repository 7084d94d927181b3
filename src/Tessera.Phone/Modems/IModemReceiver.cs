namespace Tessera.Phone.Modems;

/// <summary>Finds the frames in a sound: the other end of <see cref="IModemSender"/>, and as pure.</summary>
public interface IModemReceiver
{
    /// <summary>Takes the next samples, any number of them.</summary>
    /// <param name="concealed">These samples were not heard but made up, because a packet was lost.</param>
    void Write(ReadOnlySpan<short> samples, bool concealed = false);

    /// <summary>The next whole frame whose check was right.</summary>
    bool TryRead(out ModemFrame frame);
}
