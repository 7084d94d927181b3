using System.Net;
using System.Text.RegularExpressions;
using Tessera.Toolkit.Links;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>The page where codes are made, as a browser and as somebody else asks for it.</summary>
public sealed partial class TerminalPageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_is_on_the_page_that_made_it_and_on_no_other()
    {
        using var http = new HttpClient { BaseAddress = shared.Server.Address };
        var page = await http.GetStringAsync("/terminals", Cancel);
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", Token().Match(page).Groups["token"].Value)]);

        using var made = await http.PostAsync("/terminals/code", form, Cancel);

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var code = Code().Match(await made.Content.ReadAsStringAsync(Cancel)).Value;
        using (EnrolmentKey.OfCode(code)) { }
        Assert.True(made.Headers.CacheControl?.NoStore);
        Assert.DoesNotMatch(Code(), await http.GetStringAsync("/terminals", Cancel));
        Assert.DoesNotContain(code, shared.Server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/terminals/code")]
    [InlineData("/terminals/change")]
    public async Task A_form_that_is_not_from_the_page_changes_nothing(string path)
    {
        using var http = new HttpClient { BaseAddress = shared.Server.Address };
        using var form = new FormUrlEncodedContent([new("terminal", "0011223344556677"), new("withdraw", "1")]);

        using var refused = await http.PostAsync(path, form, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("\\d{5}(-\\d{5}){4}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
