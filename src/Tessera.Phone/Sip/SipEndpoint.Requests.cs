using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <content>What becomes of requests (RFC 3261 §8.2).</content>
public sealed partial class SipEndpoint : IServerUser
{
    private readonly HashSet<SipCall> _outgoing = [];

    bool IServerUser.Trusts(SipFlow source) => _trusted.Contains(source.Remote.Address);

    void IServerUser.Acknowledged(SipRequest ack) => _dialogs.GetValueOrDefault(Dialog.KeyOf(ack))?.TakeAck(ack);

    void IServerUser.Requested(ServerTransaction transaction, SipFlow source)
    {
        var request = transaction.Request;
        if (request.Method is SipMethod.Cancel)
            Cancel(transaction);
        else if (RefusalOf(transaction) is { } refusal)
            transaction.Respond(refusal);
        else if (request.To.Tag is not null)
            TakeInDialog(transaction);
        else if (request.Method is SipMethod.Invite)
            Invite((InviteServerTransaction)transaction, source);
        else
            Answer(transaction);
    }

    /// <summary>Answers a request that changes no call.</summary>
    internal void Answer(ServerTransaction transaction)
    {
        var request = transaction.Request;
        transaction.Respond(request.Method switch
        {
            SipMethod.Options => request.Response(SipStatus.Ok, Tag(), [.. Abilities(transaction.Flow)]),
            SipMethod.Register when Registrar is not null => Registrar.Take(request),
            SipMethod.Bye => request.Response(SipStatus.CallDoesNotExist, Tag()),
            var known when SipMethod.IsKnown(known) => request.Response(SipStatus.MethodNotAllowed, Tag(), Allow),
            _ => request.Response(SipStatus.NotImplemented, Tag(), Allow),
        });
    }

    /// <summary>
    /// A body that we do not understand (§8.2.3), and an answer that the peer would not (RFC 3261 §20.1).
    /// </summary>
    internal static SipResponse? RefusalOfBody(SipRequest request)
    {
        if (request.Body.Length > 0 && request.Headers["Content-Encoding"] is { } coding
            && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return Unreadable(request, "Accept-Encoding", "identity");
        if (request.Body.Length > 0 && request.ContentType is not SessionDescription.ContentType)
            return Unreadable(request, "Accept", SessionDescription.ContentType);
        var accepted = request.Headers.List("Accept").Select(header => header.Value.Split(';')[0].Trim()).ToArray();
        return accepted is []
            || accepted.Any(type => type is "*/*" or "application/*" or SessionDescription.ContentType)
            ? null
            : request.Response(SipStatus.NotAcceptable, Tag());
    }

    private SipHeader Allow => new("Allow", Registrar is null ? Allowed : $"{Allowed}, {SipMethod.Register}");

    private static SipResponse Unreadable(SipRequest request, string name, string wanted) =>
        request.Response(SipStatus.UnsupportedMediaType, Tag(), new SipHeader(name, wanted));

    private static string Tag() => TransactionLayer.Unique();

    /// <summary>What every request must pass, in this order (§8.2).</summary>
    private SipResponse? RefusalOf(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (!request.Uri.IsSip) return request.Response(SipStatus.UnsupportedUriScheme, Tag());
        if (request.Require.ToArray() is [_, ..] required)
        {
            return request.Response(
                SipStatus.BadExtension, Tag(), new SipHeader("Unsupported", string.Join(", ", required)));
        }

        return request.To.Tag is null && Layer.IsLoop(transaction)
            ? request.Response(SipStatus.LoopDetected, Tag())
            : null;
    }

    private void Cancel(ServerTransaction transaction)
    {
        var request = transaction.Request;
        var invite = Layer.FindInvite(request);
        transaction.Respond(request.Response(invite is null ? SipStatus.CallDoesNotExist : SipStatus.Ok, Tag()));
        invite?.Cancelled();
    }

    private void TakeInDialog(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (_dialogs.GetValueOrDefault(Dialog.KeyOf(request)) is { } call) call.Take(transaction);
        else transaction.Respond(request.Response(SipStatus.CallDoesNotExist, tag: null));
    }

    private void Invite(InviteServerTransaction transaction, SipFlow source)
    {
        var request = transaction.Request;
        if (_closing || _dialogs.Count + _outgoing.Count >= _options.Limits.Calls)
        {
            transaction.Respond(request.Refusal(SipStatus.ServiceUnavailable, "there are too many calls", Tag()));
        }
        else if (request.Contacts is not [{ Uri.IsSip: true }])
        {
            transaction.Respond(request.Refusal(
                SipStatus.BadRequest, "an INVITE has one Contact, and that is a SIP URI", Tag()));
        }
        else if (RefusalOfBody(request) is { } refusal)
        {
            transaction.Respond(refusal);
        }
        else
        {
            Open(transaction, source);
        }
    }

    private void Open(InviteServerTransaction transaction, SipFlow source)
    {
        var request = transaction.Request;
        transaction.Respond(request.Response(SipStatus.Trying, tag: null, Timestamps(request)));
        try
        {
            var caller = CallerIdentity.Of(request, _trusted.Contains(source.Remote.Address));
            var call = new SipCall(this, transaction, source, caller);
            Remember(call);
            if (!_incoming.Writer.TryWrite(call)) call.Reject(SipStatus.ServiceUnavailable);
        }
        catch (WireFormatException e)
        {
            transaction.Respond(request.Refusal(SipStatus.BadRequest, e.Message, Tag()));
        }
    }

    /// <summary>A 100 repeats the Timestamp of its request (§8.2.6.1).</summary>
    private static IEnumerable<SipHeader> Timestamps(SipRequest request) => request.Headers.Named("Timestamp");
}
