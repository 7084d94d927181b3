using Tessera.Gateway;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Hosting;

namespace Tessera.Server.ShortMessages;

/// <summary>
/// Settles what answers of SIMs prove that came when their sessions were over, without waiting for another contact.
/// </summary>
internal sealed class LateSettlement(
    ShortMessageRoad road, SessionHost host, ApplicationCatalogue catalogue, ILogger<LateSettlement> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (road.Gateway is not { } gateway) return;
        try
        {
            await foreach (var late in gateway.LateAsync(stoppingToken))
                await SettleAsync(gateway, late, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.LogDebug("Answers that are late now are settled after the restart");
        }
    }

    /// <summary>What fails is tried again at the gateway's next tidying, and nothing else waits for it.</summary>
    private async Task SettleAsync(SmsGateway gateway, LateAnswer late, CancellationToken stopping)
    {
        try
        {
            Tell(late, await host.SettleLateAsync(late, late.Number, late.Script, catalogue.Find, stopping));
            await gateway.SettledAsync(late, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.LogError(
                e, "The late answer to script {Number} of session {Session} is not settled", late.Number, late.Id);
        }
    }

    private void Tell(LateAnswer late, Settlement? outcome)
    {
        switch (outcome)
        {
            case null:
                log.LogInformation(
                    "The late answer to script {Number} of session {Session} is about no movement",
                    late.Number, late.Id);
                break;
            case { Refusal: { } refusal }:
                log.LogWarning(
                    "The late answer to script {Number} of session {Session} proves nothing: {Reason}, {Detail}",
                    late.Number, late.Id, refusal.Reason, refusal.Detail);
                break;
            case { State: IntentState.Done }:
                log.LogInformation(
                    "The late answer to script {Number} of session {Session} proves {Amount} for {What}, {Learned}",
                    late.Number, late.Id, new Amount(outcome.Amount), outcome.What,
                    outcome.Late ? "which its session did not learn" : "which its session knew");
                break;
            default:
                log.LogInformation(
                    "The late answer to script {Number} of session {Session} has no receipt: the movement is {State}",
                    late.Number, late.Id, outcome.State);
                break;
        }
    }
}
