using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>A file of the card as it stands in its memory.</summary>
internal sealed class CardFile(int page, CardFile? parent, FileControl control, Bytes management)
{
    /// <summary>Where its head lies.</summary>
    public int Page { get; } = page;

    /// <summary>Null for the MF.</summary>
    public CardFile? Parent { get; } = parent;

    public FileControl Control { get; } = control;

    /// <summary>File management data: objects that were given with it and are told with it.</summary>
    public Bytes Management { get; } = management;

    public LifeCycle LifeCycle { get; set; } = control.LifeCycle;

    /// <summary>Records that are there.</summary>
    public int Records { get; set; }

    /// <summary>Place of the newest record of a cyclic file, from 0.</summary>
    public int Newest { get; set; }

    /// <summary>Pages of the body; 0 where nothing was written yet.</summary>
    public int[] Body { get; } = new int[FileVolume.PagesFor(control.Size)];

    public List<CardFile> Children { get; } = [];

    public ushort Id => Control.Id;

    public bool IsDirectory => Control.IsDirectory;

    /// <summary>Its rules do not count yet.</summary>
    public bool IsBeingMade => LifeCycle is LifeCycle.Creation or LifeCycle.Initialisation;

    /// <summary>It and all its directories are neither deactivated nor terminated.</summary>
    public bool IsUsable =>
        LifeCycle is not (LifeCycle.Deactivated or LifeCycle.Terminated) && (Parent?.IsUsable ?? true);

    /// <summary>Itself, and all above.</summary>
    public IEnumerable<CardFile> Ancestry
    {
        get
        {
            for (var file = this; file is not null; file = file.Parent) yield return file;
        }
    }

    /// <summary>Itself, and all below.</summary>
    public IEnumerable<CardFile> Descent => Children.SelectMany(child => child.Descent).Prepend(this);

    public CardFile? Child(ushort id) => Children.Find(child => child.Id == id);
}
