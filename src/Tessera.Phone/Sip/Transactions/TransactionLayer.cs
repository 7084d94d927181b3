using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Who hears of requests; called under the lock.</summary>
internal interface IServerUser
{
    /// <summary>A request that begins a transaction.</summary>
    void Requested(ServerTransaction transaction, SipFlow source);

    /// <summary>An ACK that belongs to a 2xx, which no transaction takes.</summary>
    void Acknowledged(SipRequest ack);

    /// <summary>Whose messages are not counted.</summary>
    bool Trusts(SipFlow source);
}

/// <summary>All transactions of an endpoint, and the one lock under which everything in it happens.</summary>
internal sealed class TransactionLayer(
    IReadOnlyList<ISipTransport> transports, SipTimers timers, SipLimits limits, TimeProvider time) : ISipReceiver
{
    private readonly Dictionary<string, ServerTransaction> _servers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClientTransaction> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServerTransaction> _first = new(StringComparer.Ordinal);
    private readonly RateLimit _rate = new(limits, time);
    private IServerUser? _user;

    public Lock Gate { get; } = new();

    public SipTimers Timers => timers;

    public bool IsClosed { get; private set; }

    public int Count => _servers.Count + _clients.Count;

    /// <summary>Sixteen random hexadecimal digits: a tag, a branch, a Call-ID.</summary>
    public static string Unique() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public void Start(IServerUser user)
    {
        _user = user;
        foreach (var transport in transports) transport.Start(this);
    }

    public SipTimer Timer(Action fire) => new(time, Gate, fire);

    public ISipTransport? Transport(string name) =>
        transports.FirstOrDefault(transport => transport.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether we have that transport, and it speaks the language of that address.</summary>
    public bool Reaches(SipFlow flow) => Transport(flow.Transport)?.Local.AddressFamily == flow.Remote.AddressFamily;

    public void Send(Bytes message, SipFlow flow) => Transport(flow.Transport)?.Send(message, flow.Remote);

    /// <summary>Begins a transaction for a request that has no Via yet.</summary>
    /// <returns>Null where there are too many.</returns>
    public ClientTransaction? Begin(SipRequest request, SipFlow flow, IClientUser user) =>
        BeginWithVia(WithVia(request, flow), flow, user);

    /// <summary>Cancels an INVITE of ours: the CANCEL goes where it went, with its branch (RFC 3261 §9.1).</summary>
    public void Cancel(ClientTransaction invite, IClientUser user)
    {
        var request = invite.Request;
        BeginWithVia(
            new SipRequest(SipMethod.Cancel, request.Uri,
            [
                request.Headers.List("Via").First(), request.Headers.Find("From")!, request.Headers.Find("To")!,
                request.Headers.Find("Call-ID")!,
                new("CSeq", (request.CSeq with { Method = SipMethod.Cancel }).ToString()),
                new("Max-Forwards", "70"), .. request.Headers.Named("Route"),
            ]),
            invite.Flow, user);
    }

    /// <summary>Sends an ACK to a 2xx, which is a transaction of its own without responses.</summary>
    /// <returns>What was sent, to be sent again.</returns>
    public Bytes SendAck(SipRequest ack, SipFlow flow)
    {
        var octets = WithVia(ack, flow).ToBytes();
        Send(octets, flow);
        return octets;
    }

    /// <summary>The INVITE that a CANCEL is about.</summary>
    public InviteServerTransaction? FindInvite(SipRequest cancel) =>
        _servers.GetValueOrDefault(TransactionKey.OfServer(cancel, SipMethod.Invite)) as InviteServerTransaction;

    /// <summary>Whether the same request came on another way (RFC 3261 §8.2.2.2), or went out from here.</summary>
    public bool IsLoop(ServerTransaction transaction)
    {
        var request = transaction.Request;
        return request.Vias.Any(via => _clients.ContainsKey($"{request.Method} {via.Branch.ToUpperInvariant()}"))
            || _first.GetValueOrDefault(MergeKey(request)) != transaction;
    }

    public void Remove(Transaction transaction)
    {
        _servers.Remove(transaction.Key);
        _clients.Remove(transaction.Key);
        var merge = MergeKey(transaction.Request);
        if (_first.GetValueOrDefault(merge) == transaction) _first.Remove(merge);
    }

    public void Received(ReadOnlySpan<byte> message, SipFlow flow)
    {
        lock (Gate)
        {
            if (!_user!.Trusts(flow) && !_rate.Allows(flow.Remote.Address)) return;
        }

        while (message.StartsWith("\r\n"u8)) message = message[2..];
        if (message.IsEmpty || message.IndexOfAnyExcept((byte)0) < 0) return;
        try
        {
            var read = SipMessage.Read(message, limits);
            lock (Gate) Take(read, flow);
        }
        catch (SipFormatException e) when (e.Answerable is not null)
        {
            Refuse(e.Answerable, e.Status, e.Message, flow);
        }
        catch (SipFormatException)
        {
            // A response, or nothing at all: dropped.
        }
    }

    /// <summary>Gives up all transactions; no other begins.</summary>
    public void Close()
    {
        IsClosed = true;
        foreach (var transaction in _clients.Values.Cast<Transaction>().Concat(_servers.Values).ToArray())
        {
            transaction.Lose("The endpoint was closed.");
            transaction.Drop();
        }
    }

    public void Lost(SipFlow flow, string reason)
    {
        lock (Gate)
        {
            foreach (var transaction in _clients.Values.Cast<Transaction>().Concat(_servers.Values).ToArray())
            {
                if (transaction.Flow == flow) transaction.Lose(reason);
            }
        }
    }

    private void Take(SipMessage message, SipFlow flow)
    {
        if (IsClosed) return;
        if (message is SipResponse response)
        {
            if (response.Vias.Count == 1)
                _clients.GetValueOrDefault(TransactionKey.OfClient(response))?.Receive(response);
            return;
        }

        var request = (SipRequest)message;
        var method = request.Method is SipMethod.Ack ? SipMethod.Invite : request.Method;
        var key = TransactionKey.OfServer(request, method);
        var known = _servers.GetValueOrDefault(key);
        // An ACK to a 2xx of old peers has the branch of its INVITE, and is not the transaction's all the same.
        if (known is not null && !(request.Method is SipMethod.Ack && known.State == TransactionState.Accepted))
            known.Receive(request);
        else if (request.Method is SipMethod.Ack)
            _user!.Acknowledged(request);
        else if (Count >= limits.Transactions)
            Refuse(request.Headers, SipStatus.ServiceUnavailable, "too much to do", flow);
        else
            Open(request, key, flow);
    }

    private void Open(SipRequest request, string key, SipFlow source)
    {
        var noted = WithTopVia(request, request.Via.ReceivedFrom(source.Remote));
        var back = Back(request.Via, source);
        ServerTransaction opened = request.Method is SipMethod.Invite
            ? new InviteServerTransaction(this, key, noted, back)
            : new OtherServerTransaction(this, key, noted, back);
        _servers.Add(key, opened);
        _first.TryAdd(MergeKey(request), opened);
        _user!.Requested(opened, source);
    }

    /// <summary>Answers without a transaction, if the header tells to whom; never an ACK.</summary>
    private void Refuse(SipHeaders headers, SipStatus status, string reason, SipFlow source)
    {
        var isAck = headers["CSeq"]?.EndsWith(SipMethod.Ack, StringComparison.Ordinal) ?? false;
        if (isAck || headers.Find("Via") is null) return;
        var request = new SipRequest("?", SipUri.Sip(user: null, "invalid"), headers);
        var back = source;
        try
        {
            request = WithTopVia(request, request.Via.ReceivedFrom(source.Remote));
            back = Back(request.Via, source);
        }
        catch (WireFormatException)
        {
            // Even its Via is broken: it goes where the request came from.
        }

        Send(request.Refusal(status, reason, Unique()).ToBytes(), back);
    }

    private ClientTransaction? BeginWithVia(SipRequest request, SipFlow flow, IClientUser user)
    {
        if (IsClosed || Count >= limits.Transactions) return null;
        var key = TransactionKey.OfClient(request);
        ClientTransaction begun = request.Method is SipMethod.Invite
            ? new InviteClientTransaction(this, key, request, flow, user)
            : new OtherClientTransaction(this, key, request, flow, user);
        _clients.Add(key, begun);
        begun.Start();
        return begun;
    }

    private SipRequest WithVia(SipRequest request, SipFlow flow)
    {
        var local = Transport(flow.Transport)!.Local;
        var via = new Via(
            flow.Transport, local.Address.ToString(), local.Port, [new("branch", Via.Cookie + Unique()), new("rport")]);
        return request with { Headers = [new("Via", via.ToString()), .. request.Headers] };
    }

    private static SipRequest WithTopVia(SipRequest request, Via via) => request with
    {
        Headers =
        [
            new("Via", via.ToString()), .. request.Headers.List("Via").Skip(1),
            .. request.Headers.Where(header => !header.Is("Via")),
        ],
    };

    /// <summary>Where responses go (RFC 3261 §18.2.2, RFC 3581 §4).</summary>
    private static SipFlow Back(Via via, SipFlow source) => source.IsReliable || via.Parameters.Contains("rport")
        ? source
        : source with { Remote = new(source.Remote.Address, via.Port ?? SipUri.DefaultPort) };

    private static string MergeKey(SipRequest request) => $"{request.CSeq} {request.CallId} {request.From.Tag}";
}
