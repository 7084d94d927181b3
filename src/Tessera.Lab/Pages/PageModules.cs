namespace Tessera.Lab.Pages;

/// <summary>Scripts that the pages of the lab share.</summary>
internal static class PageModules
{
    /// <summary>Parts of a page, its token, and how it follows what it shows.</summary>
    public const string Page = "Tessera.Lab.Pages.Assets.page.js";

    /// <summary>Sound that is heard on a page.</summary>
    public const string Sound = "Tessera.Lab.Pages.Assets.sound.js";
}
