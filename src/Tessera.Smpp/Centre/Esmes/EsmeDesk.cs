using System.Security.Cryptography;
using System.Text;

namespace Tessera.Smpp.Centre;

/// <summary>What the centre says to the requests of its ESMEs.</summary>
internal sealed class EsmeDesk(CentreOptions options, NumberPlan plan, MessageRegister register, EventStream events)
{
    private readonly Dictionary<string, EsmeRecipient> _esmes = new(StringComparer.Ordinal);

    public SmppServerOptions Options => field ??= new SmppServerOptions
    {
        SystemId = options.SystemId,
        Authenticate = (bind, _) => new ValueTask<CommandStatus>(Authenticate(bind)),
        Submit = SubmitAsync,
        Submitted = Submitted,
        Query = QueryAsync,
        Cancel = CancelAsync,
        Bound = Bound,
        Ended = Ended,
        Limits = options.Smpp,
        Time = register.Time,
    };

    public void Add(EsmeRecipient esme) => _esmes.Add(esme.Account.SystemId, esme);

    private CommandStatus Authenticate(Bind bind)
    {
        var status = Check(bind);
        if (status != CommandStatus.Ok)
            events.Publish(new EsmeRefused(register.Time.GetUtcNow(), bind.SystemId, status));
        return status;
    }

    private CommandStatus Check(Bind bind)
    {
        if (!_esmes.TryGetValue(bind.SystemId, out var esme)) return CommandStatus.InvalidSystemId;
        if (!CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(bind.Password), Encoding.ASCII.GetBytes(esme.Account.Password)))
            return CommandStatus.InvalidPassword;
        if (esme.Account.SystemType is { } type && !string.Equals(type, bind.SystemType, StringComparison.Ordinal))
            return CommandStatus.InvalidSystemType;
        return esme.Sessions < esme.Account.MaxSessions ? CommandStatus.Ok : CommandStatus.BindFailed;
    }

    private void Bound(SmppServerSession session)
    {
        var bind = session.Bind!;
        events.Publish(new EsmeBound(register.Time.GetUtcNow(), bind.SystemId, bind.Mode));
        _esmes[bind.SystemId].Bound(session);
    }

    private void Ended(SmppServerSession session, SessionEnd how)
    {
        if (session.Bind is not { } bind) return;
        _esmes[bind.SystemId].Ended(session);
        events.Publish(new EsmeUnbound(register.Time.GetUtcNow(), bind.SystemId, how.ToString()));
    }

    private async ValueTask<SubmitSmResp> SubmitAsync(
        SmppServerSession session, SubmitSm submit, CancellationToken cancel)
    {
        var (esme, now) = (EsmeOf(session), register.Time.GetUtcNow());
        if (!esme.MaySubmit(now)) return Refused(CommandStatus.Throttled);

        var status = EsmeOriginated.Check(submit, esme.Account, plan, options.Validity, now, out var draft);
        if (status != CommandStatus.Ok) return Refused(status);

        var (outcome, id) = await register.TakeAsync(draft!, cancel);
        return new SubmitSmResp(outcome, outcome == CommandStatus.Ok ? MessageId.Of(id) : "");

        SubmitSmResp Refused(CommandStatus why)
        {
            register.Refused(esme.Party, submit.Destination.ToString(), why.ToString());
            return new SubmitSmResp(why);
        }
    }

    /// <summary>A message leaves when its response is on the way, so that no receipt can overtake it.</summary>
    private void Submitted(SubmitSmResp response)
    {
        if (MessageId.Parse(response.MessageId) is { } id) register.Release(id);
    }

    private async ValueTask<QuerySmResp> QueryAsync(
        SmppServerSession session, QuerySm query, CancellationToken cancel)
    {
        var found = MessageId.Parse(query.MessageId) is { } id
            ? await register.FindAsync(id, EsmeOf(session).Party, cancel)
            : null;
        return found is null
            ? new QuerySmResp(CommandStatus.InvalidMessageId, query.MessageId)
            : new QuerySmResp(CommandStatus.Ok, query.MessageId)
            {
                FinalDate = found.State == MessageState.Enroute ? SmppTime.None : SmppTime.At(found.Done),
                MessageState = found.State,
                ErrorCode = found.Error,
            };
    }

    private async ValueTask<CancelSmResp> CancelAsync(
        SmppServerSession session, CancelSm request, CancellationToken cancel)
    {
        if (MessageId.Parse(request.MessageId) is not { } id) return new CancelSmResp(CommandStatus.InvalidMessageId);
        return new CancelSmResp(await register.CancelAsync(id, EsmeOf(session).Party)
            ? CommandStatus.Ok
            : CommandStatus.CancelFailed);
    }

    private EsmeRecipient EsmeOf(SmppServerSession session) => _esmes[session.Bind!.SystemId];
}
