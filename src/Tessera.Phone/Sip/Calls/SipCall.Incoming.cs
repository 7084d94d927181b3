namespace Tessera.Phone.Sip;

/// <content>A call that came in (RFC 3261 §13.3), and every 2xx of ours until its ACK.</content>
public sealed partial class SipCall
{
    private readonly SipTimer _repeat;
    private readonly SipTimer _unacknowledged;
    private readonly InviteServerTransaction? _invitation;
    private readonly string _tag = TransactionLayer.Unique();
    private InviteServerTransaction? _okTransaction;
    private SipResponse? _ok;
    private TimeSpan _pause;
    private bool _weOffered;

    internal SipCall(SipEndpoint endpoint, InviteServerTransaction invitation, SipFlow source, CallerIdentity caller)
        : this(endpoint, invitation.Request, caller)
    {
        _invitation = invitation;
        invitation.Cancelled = TakeCancel;
        State = CallState.Incoming;
        Offer = DescriptionIn(Invite);
        _dialog = Dialog.OfServer(Invite, _tag, source);
        var asked = TimeSpan.FromSeconds(Math.Min(Invite.Expires ?? uint.MaxValue, int.MaxValue));
        _limit.Set(asked < _layer.Timers.Ringing ? asked : _layer.Timers.Ringing);
    }

    /// <summary>What the caller offers; null where it lets us offer, or where the call is ours.</summary>
    public SessionDescription? Offer { get; }

    /// <summary>Tells the caller that it rings here; nothing happens where it no longer waits.</summary>
    public void Ring()
    {
        lock (_layer.Gate)
        {
            if (State == CallState.Incoming) Answer(SipStatus.Ringing, _endpoint.Contact(_dialog!.Flow));
        }
    }

    /// <summary>Answers the call, if it still waits and offers a codec of ours.</summary>
    /// <returns>What was agreed upon, when the caller knows; null where the call ended before.</returns>
    /// <exception cref="InvalidOperationException">The call is ours, or was answered before.</exception>
    public Task<AudioAgreement?> AcceptAsync(LocalAudio audio, CancellationToken cancel)
    {
        lock (_layer.Gate)
        {
            if (State is not (CallState.Incoming or CallState.Ended))
                throw new InvalidOperationException($"A call that is {State} cannot be accepted.");
            if (State == CallState.Incoming) Accept(audio);
        }

        return Answered.WaitAsync(cancel);
    }

    /// <summary>Refuses the call; nothing happens where it no longer waits.</summary>
    /// <param name="status">Such as 486 busy here, 480 temporarily unavailable, 603 decline.</param>
    public void Reject(SipStatus status = SipStatus.BusyHere)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)status, 300, nameof(status));
        lock (_layer.Gate)
        {
            if (State == CallState.Incoming) Refuse(status, CallEndReason.Rejected, "We refused it.");
        }
    }

    /// <summary>The caller's CANCEL came.</summary>
    private void TakeCancel()
    {
        if (State == CallState.Incoming)
            Refuse(SipStatus.RequestTerminated, CallEndReason.Cancelled, "The caller gave up.");
    }

    /// <summary>The ACK to a 2xx came.</summary>
    internal void TakeAck(SipRequest ack)
    {
        if (_okTransaction is null || ack.CSeq.Number != _okTransaction.Request.CSeq.Number) return;
        _okTransaction = null;
        _repeat.Stop();
        _unacknowledged.Stop();
        var before = _audio!.Agreed;
        if (_weOffered && !(DescriptionOrNull(ack) is { } answer && _audio.Take(answer)))
            _ = SayBye(CallEndReason.NoAudio, "The answer in the ACK has nothing of ours.");
        else if (_hangingUp)
            _ = SayBye(CallEndReason.HungUp, "We hung up.");
        else if (State == CallState.Accepted)
            Establish();
        else if (_audio.Agreed != before)
            Changed();
    }

    private void Accept(LocalAudio audio)
    {
        _audio = new AudioSession(audio, _endpoint.NextSession());
        _weOffered = Offer is null;
        if ((Offer is null ? _audio.Offer() : _audio.AnswerTo(Offer)) is not { } description)
        {
            Refuse(SipStatus.NotAcceptableHere, CallEndReason.NoAudio, "The caller offers nothing of ours.");
            return;
        }

        State = CallState.Accepted;
        _limit.Stop();
        SendOk(_invitation!, description);
    }

    /// <summary>Sends a 2xx again and again until its ACK comes (RFC 3261 §13.3.1.4).</summary>
    private void SendOk(InviteServerTransaction transaction, SessionDescription description)
    {
        _okTransaction = transaction;
        _ok = transaction.Request.Response(
                SipStatus.Ok, _tag,
                [.. transaction.Request.Headers.Named("Record-Route"), .. _endpoint.Abilities(_dialog!.Flow)])
            .With(description.ToBytes(), SessionDescription.ContentType);
        transaction.Respond(_ok);
        _pause = _layer.Timers.T1;
        _repeat.Set(_pause);
        _unacknowledged.Set(_layer.Timers.Life);
    }

    private void RepeatOk()
    {
        _okTransaction!.Respond(_ok!);
        _pause = _pause * 2 < _layer.Timers.T2 ? _pause * 2 : _layer.Timers.T2;
        _repeat.Set(_pause);
    }

    private void LoseAck()
    {
        _repeat.Stop();
        _ = SayBye(CallEndReason.Lost, "The peer did not acknowledge.");
    }

    private void Refuse(SipStatus status, CallEndReason reason, string text)
    {
        Answer(status);
        End(reason, status, text);
    }

    private void Answer(SipStatus status, params IEnumerable<SipHeader> more) => _invitation!.Respond(Invite.Response(
        status, _tag,
        [.. Invite.Headers.Named("Record-Route").Where(_ => status.IsProvisional()), .. more, _endpoint.Server]));
}
