using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>
/// A piece of a simulated telephone line. Packets of <see cref="AudioBlock.Length"/> samples go in and come out,
/// one for one.
/// </summary>
public interface ILineStage
{
    /// <summary>Takes a packet and leaves in its place the one that comes out in the same 20 ms.</summary>
    /// <param name="concealed">What goes in was made up, because a packet was lost before.</param>
    /// <returns>Whether what comes out was made up.</returns>
    bool Pass(Span<short> packet, bool concealed = false);
}
