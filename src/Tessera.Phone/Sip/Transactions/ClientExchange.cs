namespace Tessera.Phone.Sip;

/// <summary>
/// A request of ours to its end: a challenge is answered with a new one (RFC 3261 §22.2), and what fails is told as a
/// response that nobody sent (§8.1.3.1).
/// </summary>
/// <param name="renumber">Gives the CSeq of the request that is sent again.</param>
/// <param name="responded">Gets every response but a challenge that was answered; called under the lock.</param>
internal sealed class ClientExchange(
    TransactionLayer layer, SipCredentials? credentials, Func<uint> renumber,
    Action<ClientTransaction?, SipResponse> responded)
    : IClientUser
{
    private const int MaxAnswers = 2;

    private readonly DigestClient? _digest = credentials is null ? null : new DigestClient(credentials);
    private int _answers;

    /// <summary>The transaction under way.</summary>
    public ClientTransaction? Current { get; private set; }

    /// <summary>Challenges are answered no more: the request is not wanted any longer.</summary>
    public void GiveUp() => _answers = MaxAnswers;

    public void Send(SipRequest request, SipFlow flow)
    {
        Current = layer.Begin(request, flow, this);
        if (Current is null) responded(null, request.Response(SipStatus.ServiceUnavailable, tag: null));
    }

    public void Responded(ClientTransaction transaction, SipResponse response)
    {
        if (AnswerTo(transaction.Request, response) is { } again) Send(again, transaction.Flow);
        else responded(transaction, response);
    }

    public void Failed(ClientTransaction transaction, SipStatus status, string reason) =>
        responded(transaction, transaction.Request.Response(status, tag: null) with { Reason = reason });

    private SipRequest? AnswerTo(SipRequest request, SipResponse response)
    {
        if (response.Status is not (SipStatus.Unauthorized or SipStatus.ProxyAuthenticationRequired)) return null;
        if (_answers == MaxAnswers || _digest?.Answer(request, response) is not { } answer) return null;
        _answers++;
        return request with
        {
            Headers =
            [
                .. request.Headers.With(new SipHeader("CSeq", new CSeq(renumber(), request.Method).ToString()))
                    .Where(header => !header.Is("Via") && !header.Is(answer.Name)),
                answer,
            ],
        };
    }
}
