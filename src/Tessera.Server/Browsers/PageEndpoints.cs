using Microsoft.AspNetCore.Http.HttpResults;
using Tessera.Server.Books;
using Tessera.Server.Components.Pages;
using Tessera.Server.Hosting;

namespace Tessera.Server.Browsers;

/// <summary>All pages for people.</summary>
internal static class PageEndpoints
{
    public static void MapPages(this WebApplication app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/", (LabService lab, ApplicationCatalogue catalogue) =>
            new RazorComponentResult<Home>(new { Lab = lab.World is not null, Applications = catalogue.All }));
        pages.MapGet("/ledger", async (BookReader books, CancellationToken cancel) =>
            new RazorComponentResult<Ledger>(new { Book = await books.ReadAsync(cancel) }));
        pages.MapGet("/changes", async (string? before, ChangeReader changes, CancellationToken cancel) =>
            new RazorComponentResult<Changes>(new { Entries = await changes.ReadAsync(ChangeReader.Behind(before), cancel) }));
        pages.MapApplications();
        pages.MapLab();
    }
}
