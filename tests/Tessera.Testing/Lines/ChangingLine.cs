namespace Tessera.Testing.Lines;

/// <summary>A line that is another one for a time, as when a call goes over to a worse network.</summary>
/// <param name="isOther">By the number of a packet.</param>
public sealed class ChangingLine(ILineStage line, ILineStage other, Func<long, bool> isOther) : ILineStage
{
    private long _packets;

    public bool Pass(Span<short> packet, bool concealed = false) =>
        (isOther(_packets++) ? other : line).Pass(packet, concealed);
}
