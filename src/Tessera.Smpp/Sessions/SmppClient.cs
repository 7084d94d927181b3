using System.IO.Pipelines;
using System.Net;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>Who an ESME is, what it does with what it is handed, and its limits.</summary>
public sealed record SmppClientOptions
{
    public required string SystemId { get; init; }

    public required string Password { get; init; }

    /// <summary>Default both ways.</summary>
    public BindMode Mode { get; init; } = BindMode.Transceiver;

    public string SystemType { get; init; } = "";

    public string AddressRange { get; init; } = "";

    /// <summary>
    /// Takes a message or a receipt; the response, its status, is given when this completes. Must return soon: it is
    /// called for one after the other. What it throws ends the session. Default refuses, to be delivered again.
    /// </summary>
    public Func<DeliverSm, CancellationToken, ValueTask<CommandStatus>> Deliver { get; init; } =
        (_, _) => new(CommandStatus.ReceiverTemporaryError);

    /// <summary>As <see cref="Deliver"/>, for data_sm.</summary>
    public Func<DataSm, CancellationToken, ValueTask<CommandStatus>> Data { get; init; } =
        (_, _) => new(CommandStatus.ReceiverTemporaryError);

    /// <summary>Told of alert_notification; must return at once. Default nobody.</summary>
    public Action<AlertNotification> Alerted { get; init; } = _ => { };

    /// <summary>Told of every PDU, both ways; must return at once. Default null: nobody follows.</summary>
    public Action<SeenPdu>? Seen { get; init; }

    public SessionLimits Limits { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal Bind Bind => new(Mode, SystemId, Password) { SystemType = SystemType, AddressRange = AddressRange };
}

/// <summary>A session of an ESME with an SMSC (SMPP 3.4 §2.2). Whoever wants another one connects again.</summary>
public sealed class SmppClient : IAsyncDisposable
{
    private readonly SmppConnection _connection;

    private SmppClient(IDuplexPipe pipe, SmppClientOptions options)
    {
        _connection = new SmppConnection(pipe, new Side(options), options.Limits, options.Time, options.Seen);
        _connection.Start();
    }

    public SessionState State => _connection.State;

    /// <summary>Completes when the session is over and tells why.</summary>
    public Task<SessionEnd> Completion => _connection.Completion;

    /// <summary>Connects by TCP and binds.</summary>
    /// <inheritdoc cref="BindAsync"/>
    public static async Task<SmppClient> ConnectAsync(
        EndPoint server, SmppClientOptions options, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.Limits.Bind, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        SocketPipe pipe;
        try
        {
            pipe = await SocketPipe.ConnectAsync(server, either.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{server} did not answer in time.", e);
        }

        return await BindAsync(pipe, options, cancel);
    }

    /// <summary>Binds on a pipe, which the client owns then.</summary>
    /// <exception cref="CommandStatusException">The SMSC refuses the bind.</exception>
    /// <exception cref="ConnectionLostException">The SMSC is not there, or went away.</exception>
    /// <exception cref="TimeoutException">The SMSC did not answer in time.</exception>
    public static async Task<SmppClient> BindAsync(
        IDuplexPipe pipe, SmppClientOptions options, CancellationToken cancel)
    {
        var client = new SmppClient(pipe, options);
        try
        {
            var response = await client._connection.RequestAsync(options.Bind, cancel, takesRoom: false);
            response.EnsureSuccess();
            return client;
        }
        catch (CommandStatusException e)
        {
            await client.EndAsync(SessionEndReason.Refused, e.Message);
            throw;
        }
        catch (Exception e)
        {
            await client.EndAsync(SessionEndReason.Stopped, e.Message);
            throw;
        }
    }

    /// <summary>Hands a message to the SMSC, when there is room in the window.</summary>
    /// <returns>What the SMSC says, a refusal too.</returns>
    /// <inheritdoc cref="SmppConnection.RequestAsync"/>
    public ValueTask<SubmitSmResp> SubmitAsync(SubmitSm message, CancellationToken cancel) =>
        _connection.RequestAsync(message, cancel);

    /// <inheritdoc cref="SubmitAsync(SubmitSm, CancellationToken)"/>
    public ValueTask<DataSmResp> SubmitAsync(DataSm message, CancellationToken cancel) =>
        _connection.RequestAsync(message, cancel);

    /// <inheritdoc cref="SmppConnection.RequestAsync"/>
    public ValueTask<QuerySmResp> QueryAsync(QuerySm query, CancellationToken cancel) =>
        _connection.RequestAsync(query, cancel);

    /// <inheritdoc cref="SmppConnection.RequestAsync"/>
    public ValueTask<CancelSmResp> CancelAsync(CancelSm cancellation, CancellationToken cancel) =>
        _connection.RequestAsync(cancellation, cancel);

    /// <inheritdoc cref="SmppConnection.RequestAsync"/>
    public ValueTask<ReplaceSmResp> ReplaceAsync(ReplaceSm replacement, CancellationToken cancel) =>
        _connection.RequestAsync(replacement, cancel);

    /// <summary>Says unbind, awaits the answer and closes the connection.</summary>
    public Task<SessionEnd> UnbindAsync(CancellationToken cancel) => _connection.UnbindAsync(cancel);

    /// <summary>Says unbind if there is somebody to hear it, and closes the connection.</summary>
    public async ValueTask DisposeAsync() => await _connection.StopAsync();

    private async Task EndAsync(SessionEndReason reason, string text)
    {
        _connection.End(reason, text);
        await Completion;
    }

    private sealed class Side(SmppClientOptions options) : ISmppSide
    {
        public SmppRole Role => SmppRole.Esme;

        public async ValueTask<ResponsePdu?> HandleAsync(RequestPdu request, CancellationToken ending)
        {
            switch (request)
            {
                case DeliverSm message:
                    return new DeliverSmResp(await options.Deliver(message, ending));
                case DataSm message:
                    return new DataSmResp(await options.Data(message, ending));
                case AlertNotification alert:
                    options.Alerted(alert);
                    return null;
                default:
                    // An outbind on a connection of ours: we bind anyway.
                    return null;
            }
        }

        public void Answered(ResponsePdu response)
        {
            // Nothing of ours waits for it.
        }

        public void Bound() { }

        public void Ended(SessionEnd end) { }
    }
}
