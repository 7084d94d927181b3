using System.Buffers;
using Tessera.Smpp;

namespace Tessera.Story.Phones;

/// <summary>
/// The connection of a story's gateway to the SMSC: every message of the phone is a place where it may break, and nobody
/// comes through again until the session is over.
/// </summary>
/// <param name="cut">Told where it breaks.</param>
internal sealed class CutSmpp(Scissors scissors, Action cut)
{
    private const int MaxPdu = 0x10000;

    /// <summary>One for each direction of a connection.</summary>
    public TapReader NewReader()
    {
        List<byte> rest = [];
        return (isUp, octets) =>
        {
            if (isUp) return [octets.ToArray()];
            rest.AddRange(octets);
            return Pass(rest);
        };
    }

    private List<byte[]> Pass(List<byte> rest)
    {
        List<byte[]> passed = [];
        byte[] all = [.. rest];
        var left = new ReadOnlySequence<byte>(all);
        while (PduFramer.TryRead(ref left, MaxPdu, out var frame) == FrameResult.Frame)
        {
            var length = rest.Count - (int)left.Length;
            if (IsFromPhone(frame) && scissors.Next(CutKind.Road, $"{length} octets") is not null)
            {
                cut();
                return passed;
            }

            passed.Add([.. rest.Take(length)]);
            rest.RemoveRange(0, length);
        }

        return passed;
    }

    private static bool IsFromPhone(in PduFrame frame) =>
        frame.Id == CommandId.DeliverSm && Pdu.Read(frame) is DeliverSm { EsmClass.Type: MessageType.Default };
}
