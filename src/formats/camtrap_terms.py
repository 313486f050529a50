"""The words of Camtrap DP: its columns from 0.1 to 1.0 by their names of 1.0, what each table must have, its lists."""

from __future__ import annotations

TABLES = ("deployments", "media", "observations")
ROW_TYPES = {"deployments": "CameraDeployment", "media": "CameraMedia", "observations": "CameraObservation"}

COLUMNS: dict[str, tuple[str, ...]] = {
    "deployments": (
        *("deploymentID", "locationID", "locationName", "latitude", "longitude", "coordinateUncertainty"),
        *("deploymentStart", "deploymentEnd", "setupBy", "cameraID", "cameraModel", "cameraDelay"),
        *("cameraHeight", "cameraDepth", "cameraTilt", "cameraHeading", "detectionDistance"),
        *("timestampIssues", "baitUse", "featureType", "habitat", "deploymentGroups", "deploymentTags"),
        "deploymentComments",
    ),
    "media": (
        *("mediaID", "deploymentID", "captureMethod", "timestamp", "filePath", "filePublic", "fileName"),
        *("fileMediatype", "exifData", "favorite", "mediaComments"),
    ),
    "observations": (
        *("observationID", "deploymentID", "mediaID", "eventID", "eventStart", "eventEnd"),
        *("observationLevel", "observationType", "cameraSetupType", "scientificName", "count", "lifeStage"),
        *("sex", "behavior", "individualID", "individualPositionRadius", "individualPositionAngle"),
        *("individualSpeed", "bboxX", "bboxY", "bboxWidth", "bboxHeight", "classificationMethod"),
        *("classifiedBy", "classificationTimestamp", "classificationProbability", "observationTags"),
        "observationComments",
    ),
}
"""The columns of 1.0 in their order."""

OLDER: dict[str, dict[str, str]] = {
    "deployments": {
        "start": "deploymentStart", "end": "deploymentEnd", "cameraInterval": "cameraDelay",
        "tags": "deploymentTags", "comments": "deploymentComments", "session": "deploymentGroups",
    },
    "media": {"sequenceID": "eventID", "favourite": "favorite", "comments": "mediaComments"},
    "observations": {
        "sequenceID": "eventID", "timestamp": "eventStart", "cameraSetup": "cameraSetupType",
        "behaviour": "behavior", "classificationConfidence": "classificationProbability",
        "comments": "observationComments", "individualRadius": "individualPositionRadius",
        "individualAngle": "individualPositionAngle",
    },
}  # fmt: skip
"""What 0.1 and the candidates of 1.0 called a column of 1.0."""

NEEDED: dict[str, tuple[str, ...]] = {
    "deployments": ("deploymentID", "latitude", "longitude", "deploymentStart", "deploymentEnd"),
    "media": ("mediaID", "deploymentID", "timestamp", "filePath"),
    "observations": ("observationID", "deploymentID", "eventStart", "observationType"),
}

WORDS: dict[str, dict[str, str]] = {
    "captureMethod": {"motion detection": "activityDetection", "motiondetection": "activityDetection",
                      "activitydetection": "activityDetection", "time lapse": "timeLapse", "timelapse": "timeLapse"},
    "cameraSetupType": {"true": "setup", "false": ""},
    "lifeStage": {"unknown": "", "offspring": "juvenile", "adult": "adult", "subadult": "subadult",
                  "juvenile": "juvenile"},
    "sex": {"unknown": "", "male": "male", "female": "female"},
    "featureType": {
        "none": "", "other": "", "road paved": "roadPaved", "road dirt": "roadDirt",
        "trail hiking": "trailHiking", "trail game": "trailGame", "road underpass": "roadUnderpass",
        "road overpass": "roadOverpass", "road bridge": "roadBridge", "nest site": "nestSite",
        "water source": "waterSource", "fruiting tree": "fruitingTree",
    },
}  # fmt: skip
"""Values of before, in small letters, by those of 1.0; an empty one says nothing."""
