"""Works that restore habitats: ground counted once, species looked up before they are planted."""
