using Microsoft.AspNetCore.Http.HttpResults;
using Tessera.Cards.Purse;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Server.Api;

/// <summary>Where acceptors hand in what cards paid offline (docs/protocols/purse.md §8).</summary>
internal static class ClearingApi
{
    private const int MaxReceipts = 1000;

    public static void MapClearingApi(this RouteGroupBuilder api) => api.MapPost("/clearing", ClearAsync)
        .WithSummary("Takes receipts of offline debits, in any order and any number of times; each is booked once");

    /// <summary>A receipt needs nobody's word: it is the card's, and pays the acceptor that it names.</summary>
    private static async Task<Results<Ok<ClearedState[]>, ProblemHttpResult>> ClearAsync(
        ClearingRequest request, Treasury treasury, CancellationToken cancel)
    {
        if (request.Receipts is not { Length: <= MaxReceipts }) return Problem($"There are 0 to {MaxReceipts} receipts.");
        List<OfflineReceipt> receipts = [];
        for (var i = 0; i < request.Receipts.Length; i++)
        {
            try
            {
                receipts.Add(Bytes.FromHex(request.Receipts[i]).Read<OfflineReceipt>());
            }
            catch (Exception e) when (e is FormatException or WireFormatException)
            {
                return Problem($"Receipt {i + 1}: {e.Message}");
            }
        }

        List<ClearedState> cleared = [];
        foreach (var receipt in receipts) cleared.Add(ClearedState.Of(await treasury.ClearAsync(receipt, cancel)));
        return TypedResults.Ok(cleared.ToArray());
    }

    private static ProblemHttpResult Problem(string reason) =>
        TypedResults.Problem(reason, statusCode: StatusCodes.Status400BadRequest);
}

/// <summary>Receipts of offline debits, each in hexadecimal digits.</summary>
internal sealed record ClearingRequest(string[] Receipts);

/// <summary>What became of one of them.</summary>
/// <param name="Amount">Minor units.</param>
/// <param name="Account">Who is paid.</param>
/// <param name="Outcome">booked, known (it was booked before), later (hand it in again) or refused.</param>
/// <param name="Reason">Of the last two.</param>
internal sealed record ClearedState(
    string Card, uint Number, uint Amount, string Account, string Outcome, string? Reason)
{
    public static ClearedState Of(Clearing clearing) => new(
        clearing.Card.ToString(), clearing.Number, clearing.Amount, clearing.Account.ToString(),
        clearing switch
        {
            { Refusal.Reason: RefusalReason.OpenIntent } => "later",
            { Refusal: not null } => "refused",
            { IsNew: true } => "booked",
            _ => "known",
        },
        clearing.Refusal?.Detail);
}
