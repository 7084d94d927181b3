using Tessera.Sms.Messages;
using Tessera.Sms.Parts;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>
/// What the applet has to send: an answer, an opening and an announcement at most, in that order, each as a packet in one
/// or more messages (docs/protocols/sms.md §5). One that the phone could not send is made anew under another counter,
/// three times in all.
/// </summary>
internal sealed class Outbox(PacketDesk desk, Address serviceNumber)
{
    private const int Attempts = 3;

    private readonly List<Outgoing> _waiting = [];
    private bool _resting;

    /// <summary>An answer; it goes before an opening and in place of an older answer.</summary>
    public void PutAnswer(Bytes answer, string alpha) => Put(new Outgoing(Kind.Answer, answer, alpha));

    /// <summary>An opening, in place of an older one.</summary>
    public void PutOpening(Bytes opening, string alpha) => Put(new Outgoing(Kind.Opening, opening, alpha));

    /// <summary>An announcement, unless one is waiting.</summary>
    public void PutAnnouncement(Bytes announcement, string alpha)
    {
        if (_waiting.Exists(message => message.Kind == Kind.Announcement)) Resume();
        else Put(new Outgoing(Kind.Announcement, announcement, alpha));
    }

    /// <summary>A script of the session came: its opening has arrived, whatever the phone said of it.</summary>
    public void DropOpening() => _waiting.RemoveAll(message => message.Kind == Kind.Opening);

    /// <summary>SEND SHORT MESSAGE for the next part; null where there is none, or nothing is tried for now.</summary>
    public ProactiveCommand? Next()
    {
        while (!_resting && _waiting.Count > 0)
        {
            var message = _waiting[0];
            if (message.Parts is null && desk.Make(message.Data) is { } made)
                message.Parts = new Queue<UserData>(Segmenter.Command(made.Packet, (byte)made.Counter));
            if (message.Parts is { } parts)
                return ProactiveCommand.SendShortMessage(message.Alpha, Submit(parts.Peek()));
            _waiting.RemoveAt(0);
        }

        return null;
    }

    /// <summary>What became of the part that <see cref="Next"/> gave.</summary>
    public void Told(bool sent)
    {
        var message = _waiting[0];
        if (sent) message.Parts!.Dequeue();
        else (message.Parts, message.Failures, _resting) = (null, message.Failures + 1, true);
        if (message.Parts is { Count: 0 } || message.Failures == Attempts) _waiting.RemoveAt(0);
    }

    /// <summary>It is time to try again.</summary>
    public void Resume() => _resting = false;

    private void Put(Outgoing message)
    {
        _waiting.RemoveAll(other => other.Kind == message.Kind);
        _waiting.Insert(_waiting.Count(other => other.Kind < message.Kind), message);
        Resume();
    }

    private Bytes Submit(UserData part) => new SmsSubmit(
        Reference: 0, serviceNumber, ProtocolIdentifier.SimDownload, DataCodingScheme.SimDownload, part).ToBytes();

    private enum Kind
    {
        Answer,
        Opening,
        Announcement,
    }

    private sealed record Outgoing(Kind Kind, Bytes Data, string Alpha)
    {
        /// <summary>What is left to send of its packet; null before there is one.</summary>
        public Queue<UserData>? Parts { get; set; }

        public int Failures { get; set; }
    }
}
