using Microsoft.AspNetCore.Http.HttpResults;
using Tessera.Server.Books;
using Tessera.Server.Components.Pages;
using Tessera.Server.Components.Parts;
using Tessera.Server.Hosting;
using Tessera.Server.Signing;

namespace Tessera.Server.Browsers;

/// <summary>All pages for people.</summary>
internal static class PageEndpoints
{
    public static void MapPages(this WebApplication app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/", (LabService lab, ApplicationCatalogue catalogue) =>
            new RazorComponentResult<Home>(new { Lab = lab.World is not null, Applications = catalogue.All }));
        pages.MapGet("/ledger", async (BookReader books, TimeProvider time, CancellationToken cancel) =>
            new RazorComponentResult<Ledger>(new { At = time.GetUtcNow(), Book = await books.ReadAsync(cancel) }));
        pages.MapGet("/ledger/part", async (BookReader books, TimeProvider time, CancellationToken cancel) =>
            new RazorComponentResult<BookTables>(new { At = time.GetUtcNow(), Book = await books.ReadAsync(cancel) }));
        pages.MapGet("/changes", async (string? before, ChangeReader changes, CancellationToken cancel) =>
        {
            var behind = ChangeReader.Behind(before);
            var entries = await changes.ReadAsync(behind, cancel);
            return new RazorComponentResult<Changes>(new { Entries = entries, Before = behind?.ToString() });
        });
        pages.MapGet("/changes/part", async (string? before, ChangeReader changes, CancellationToken cancel) =>
        {
            var entries = await changes.ReadAsync(ChangeReader.Behind(before), cancel);
            return new RazorComponentResult<ChangeTable>(new { Entries = entries });
        });
        foreach (var page in (string[])["/ledger", "/changes"])
        {
            pages.MapGet($"{page}/events", (DataFolder folder, IHostApplicationLifetime life) =>
                LiveEvents.Of(folder.News.ChangedAsync, life));
        }

        pages.MapTerminalPage();
        pages.MapEvidence();
        pages.MapApplications();
        pages.MapLab();
    }
}
