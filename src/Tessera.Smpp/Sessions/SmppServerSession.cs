using System.IO.Pipelines;

namespace Tessera.Smpp;

/// <summary>What an SMSC does with the requests of its ESMEs, and its limits.</summary>
public sealed record SmppServerOptions
{
    /// <summary>Of the SMSC, told in every bind_resp. Default "tessera".</summary>
    public string SystemId { get; init; } = "tessera";

    /// <summary>Says whether an ESME may bind; anything but Ok ends its session.</summary>
    public required Func<Bind, CancellationToken, ValueTask<CommandStatus>> Authenticate { get; init; }

    /// <summary>
    /// Takes a message; its response is given when this completes. Must return soon: it is called for one message after
    /// the other. What it throws ends the session.
    /// </summary>
    public required Func<SmppServerSession, SubmitSm, CancellationToken, ValueTask<SubmitSmResp>> Submit { get; init; }

    /// <summary>
    /// Told when the response to a message stands in line: what follows from the message, a receipt, comes behind it. Must
    /// return at once. Default nobody.
    /// </summary>
    public Action<SubmitSmResp> Submitted { get; init; } = _ => { };

    /// <summary>As <see cref="Submit"/>. Default refuses data_sm.</summary>
    public Func<SmppServerSession, DataSm, CancellationToken, ValueTask<DataSmResp>> Data { get; init; } =
        (_, _, _) => new(new DataSmResp(CommandStatus.InvalidCommandId));

    /// <summary>Default refuses query_sm.</summary>
    public Func<SmppServerSession, QuerySm, CancellationToken, ValueTask<QuerySmResp>> Query { get; init; } =
        (_, _, _) => new(new QuerySmResp(CommandStatus.InvalidCommandId, ""));

    /// <summary>Default refuses cancel_sm.</summary>
    public Func<SmppServerSession, CancelSm, CancellationToken, ValueTask<CancelSmResp>> Cancel { get; init; } =
        (_, _, _) => new(new CancelSmResp(CommandStatus.InvalidCommandId));

    /// <summary>Default refuses replace_sm.</summary>
    public Func<SmppServerSession, ReplaceSm, CancellationToken, ValueTask<ReplaceSmResp>> Replace { get; init; } =
        (_, _, _) => new(new ReplaceSmResp(CommandStatus.InvalidCommandId));

    /// <summary>Told when an ESME has bound: messages can be delivered. Must return at once. Default nobody.</summary>
    public Action<SmppServerSession> Bound { get; init; } = _ => { };

    /// <summary>Told when a session is over, bound or not. Must return at once. Default nobody.</summary>
    public Action<SmppServerSession, SessionEnd> Ended { get; init; } = (_, _) => { };

    public SessionLimits Limits { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A session of an SMSC with an ESME (SMPP 3.4 §2.2).</summary>
public sealed class SmppServerSession : IAsyncDisposable
{
    private readonly SmppConnection _connection;

    private SmppServerSession(IDuplexPipe pipe, SmppServerOptions options)
    {
        _connection = new SmppConnection(pipe, new Side(this, options), options.Limits, options.Time);
        _connection.Start();
    }

    public SessionState State => _connection.State;

    /// <summary>What the ESME bound with; null before.</summary>
    public Bind? Bind { get; private set; }

    /// <summary>Messages can be delivered to it.</summary>
    public bool CanReceive => State is SessionState.BoundRx or SessionState.BoundTrx;

    /// <summary>Completes when the session is over and tells why.</summary>
    public Task<SessionEnd> Completion => _connection.Completion;

    /// <summary>Serves an ESME on a pipe, which the session owns then.</summary>
    public static SmppServerSession Start(IDuplexPipe pipe, SmppServerOptions options) => new(pipe, options);

    /// <summary>Hands a message or a receipt to the ESME, when there is room in the window.</summary>
    /// <returns>What the ESME says, a refusal too.</returns>
    /// <inheritdoc cref="SmppConnection.RequestAsync"/>
    public ValueTask<DeliverSmResp> DeliverAsync(DeliverSm message, CancellationToken cancel) =>
        _connection.RequestAsync(message, cancel);

    /// <inheritdoc cref="DeliverAsync(DeliverSm, CancellationToken)"/>
    public ValueTask<DataSmResp> DeliverAsync(DataSm message, CancellationToken cancel) =>
        _connection.RequestAsync(message, cancel);

    /// <summary>Tells that a telephone can be reached again.</summary>
    /// <inheritdoc cref="SmppConnection.Tell"/>
    public void Alert(AlertNotification alert) => _connection.Tell(alert);

    /// <summary>Says unbind, awaits the answer and closes the connection.</summary>
    public Task<SessionEnd> UnbindAsync(CancellationToken cancel) => _connection.UnbindAsync(cancel);

    /// <summary>Says unbind if there is somebody to hear it, and closes the connection.</summary>
    public async ValueTask DisposeAsync() => await _connection.StopAsync();

    private sealed class Side(SmppServerSession session, SmppServerOptions options) : ISmppSide
    {
        private int _binds;

        public SmppRole Role => SmppRole.Smsc;

        public async ValueTask<ResponsePdu?> HandleAsync(RequestPdu request, CancellationToken ending) => request switch
        {
            Bind bind => await BindAsync(bind, ending),
            SubmitSm message => await options.Submit(session, message, ending),
            DataSm message => await options.Data(session, message, ending),
            QuerySm query => await options.Query(session, query, ending),
            CancelSm cancellation => await options.Cancel(session, cancellation, ending),
            ReplaceSm replacement => await options.Replace(session, replacement, ending),
            _ => null,
        };

        public void Answered(ResponsePdu response)
        {
            if (response is SubmitSmResp submitted) options.Submitted(submitted);
        }

        public void Bound() => options.Bound(session);

        public void Ended(SessionEnd end) => options.Ended(session, end);

        private async ValueTask<BindResp> BindAsync(Bind bind, CancellationToken ending)
        {
            if (Interlocked.Increment(ref _binds) > 1) return bind.Refused(CommandStatus.AlreadyBound);

            var status = await options.Authenticate(bind, ending);
            if (status != CommandStatus.Ok) return bind.Refused(status);

            session.Bind = bind;
            return new BindResp(bind.Mode, CommandStatus.Ok, options.SystemId)
            {
                Parameters = [OptionalParameter.Of(OptionalTag.ScInterfaceVersion, Smpp.Bind.Version34)],
            };
        }
    }
}
